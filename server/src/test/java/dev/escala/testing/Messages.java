package dev.escala.testing;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Payload;
import dev.escala.model.SourceKind;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Messages as a source would give them. */
public final class Messages {
  public static final Instant PUBLISHED_AT = Instant.parse("2026-01-31T12:00:00.123456Z");

  private Messages() {}

  /** With an id of its own. */
  public static Message of(String json) {
    return of(UUID.randomUUID().toString(), json);
  }

  public static Message of(String id, String json) {
    return of(id, Payload.utf8(json));
  }

  public static Message of(String id, Payload payload) {
    return new Message(
        "flights", payload, new Origin(SourceKind.HTTP, id, PUBLISHED_AT, 1, Map.of("a", "b")));
  }
}
