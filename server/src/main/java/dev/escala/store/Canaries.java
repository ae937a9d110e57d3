package dev.escala.store;

import dev.escala.decode.Marker;
import dev.escala.decode.MarkerKey;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The markers of the canary in one database, apart from all rows of topics.
 *
 * <p>Each call may throw a {@link StoreException}, where the database does not answer.
 */
public interface Canaries {

  /** What markers are signed with that are stored here; the same for all instances. */
  MarkerKey key();

  /** The markers of a canary and a topic from this number on, in their order. */
  List<StoredMarker> since(String topic, UUID canary, long seq);

  /** Deletes markers that are stored for longer, a bounded number of them; says how many. */
  int expire(Duration age);

  /** A marker as it is stored, and how often it was delivered until now. */
  record StoredMarker(Marker marker, int deliveries) {}
}
