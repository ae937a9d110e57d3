package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Outcome;
import dev.escala.model.Payload;
import dev.escala.model.SourceKind;
import dev.escala.testing.Messages;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** A topic with dead letters, in PostgreSQL. */
abstract class LettersRun extends PipelineRun {
  List<String> letters(String columns) {
    return database.rows("SELECT " + columns + " FROM escala.dead_letter ORDER BY id");
  }

  /** A table that refuses a row without a tail, and so many messages that it refuses. */
  Pipeline refused(int count) {
    database.execute("CREATE TABLE flights (id text, tail text NOT NULL)");
    Pipeline pipeline = pipeline("key: $.id");
    List<Message> bad =
        IntStream.range(0, count)
            .mapToObj(i -> Messages.of("m" + i, "{\"id\":\"f%05d\"}".formatted(i)))
            .toList();
    assertThat(write(pipeline, bad)).allMatch(Outcome.Rejected.class::isInstance);
    return pipeline;
  }

  void mend() {
    database.execute("ALTER TABLE flights ALTER tail DROP NOT NULL");
  }

  static Message minted(int position, String body) {
    String id = UUID.randomUUID().toString();
    Instant at = Instant.parse("2026-01-31T00:00:00.000000501Z");
    return new Message(
        "flights",
        Payload.utf8(body),
        new Origin(SourceKind.HTTP, id, at, 1, Map.of("k", "ü"), position));
  }
}
