package dev.escala.canary;

import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.Outcome;
import dev.escala.store.MessageWriter;
import dev.escala.store.StoreException;
import dev.escala.store.Written;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one way of markers into the database: takes them out of the messages of a topic before these
 * are decoded. Whether this process has a canary or not: another may have one.
 */
final class MarkerWriter implements MessageWriter {
  private final MarkerStore markers;
  private final MessageWriter rows;

  MarkerWriter(MarkerStore markers, MessageWriter rows) {
    this.markers = markers;
    this.rows = rows;
  }

  @Override
  public Written write(List<Message> messages) {
    List<Optional<Marker>> found = messages.stream().map(this::marker).toList();
    if (found.stream().noneMatch(Optional::isPresent)) {
      return rows.write(messages);
    }
    List<Message> others = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      if (found.get(i).isEmpty()) {
        others.add(messages.get(i));
      }
    }
    return merged(found, others.isEmpty() ? Written.of(List.of()) : rows.write(others));
  }

  /** Genuine ones only; what merely looks like one is a message. */
  private Optional<Marker> marker(Message message) {
    return Marker.in(message).filter(marker -> markers.key().signed(marker));
  }

  private Written merged(List<Optional<Marker>> found, Written others) {
    StoreException failure = others.failure();
    Iterator<@Nullable Outcome> next = others.outcomes().iterator();
    List<@Nullable Outcome> outcomes = new ArrayList<>(found.size());
    for (Optional<Marker> marker : found) {
      if (marker.isEmpty()) {
        outcomes.add(next.next());
        continue;
      }
      try {
        outcomes.add(markers.store(marker.get()) ? Outcome.STORED : Outcome.DUPLICATE);
      } catch (StoreException away) {
        failure = failure == null ? away : failure;
        outcomes.add(new Outcome.Returned(away.reason()));
      }
    }
    return new Written(outcomes, failure, others.waiting(), others.decoding());
  }

  @Override
  public void probe() {
    rows.probe();
  }

  @Override
  public Optional<Moment> tableLockedSince() {
    return rows.tableLockedSince();
  }

  @Override
  public void stop() {
    rows.stop();
  }
}
