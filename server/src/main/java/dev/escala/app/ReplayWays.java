package dev.escala.app;

import dev.escala.decode.Decoder;
import dev.escala.decode.TopicSettings;
import dev.escala.ingest.Pipeline;
import dev.escala.ingest.Replay;
import dev.escala.ingest.Replay.Opening;
import dev.escala.ingest.Replay.Way;
import dev.escala.model.Payload;
import dev.escala.observe.Observer;
import dev.escala.store.DeadLetters;
import dev.escala.store.postgres.PostgresStore;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the dead letters of one database go when they are replayed, as is configured now. */
record ReplayWays(
    Configuration configuration, String database, PostgresStore tables, Observer observer) {

  Replay replay(DeadLetters letters, boolean rehearsal) {
    return new Replay(letters, this::way, rehearsal);
  }

  /** Each letter with this body in place of its own, as its producer would have sent it. */
  Replay correction(DeadLetters letters, Payload body, boolean rehearsal) {
    return new Replay(
        letters, topic -> way(topic, () -> letter -> letter.withPayload(body)), rehearsal);
  }

  private Way way(String topic) {
    return way(topic, () -> LetterOpening.open(configuration, topic, observer));
  }

  private Way way(String topic, Supplier<Opening> opening) {
    Optional<TopicSettings> settings =
        TopicName.isValid(topic) ? configuration.rows(topic) : Optional.empty();
    if (settings.isEmpty()) {
      return new Way.None("the topic %s is not configured".formatted(topic));
    }
    String now = settings.get().table().database();
    if (!now.equals(database)) {
      return new Way.None("the table of the topic %s is in %s now".formatted(topic, now));
    }
    Pipeline pipeline =
        new Pipeline(
            new Decoder(settings.get()),
            tables.topic(settings.get()),
            configuration.ingest().changePatience(),
            observer);
    return new Way.To(pipeline, opening.get());
  }
}
