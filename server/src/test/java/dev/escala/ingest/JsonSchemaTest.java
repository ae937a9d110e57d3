package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Outcome;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.SourceKind;
import dev.escala.store.DeadLetters.Filter;
import dev.escala.testing.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code schema}: what does not fit is a dead letter and leaves no trace in the table. */
@Tag("integration")
class JsonSchemaTest extends PipelineRun {
  private static final String DELAYS =
      """
      {"required": ["id"], "properties": {"delay": {"type": "integer", "maximum": 100}}}\
      """;

  @TempDir private Path folder;

  private String schema(String text) {
    try {
      return "schema: '" + Files.writeString(folder.resolve("schema.json"), text) + "'";
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Message flight(String id, String rest) {
    return Messages.of("m-" + id, "{\"id\":\"%s\"%s}".formatted(id, rest));
  }

  @Test
  void whatDoesNotFitIsADeadLetterAndItsNeighboursAreRows() {
    Pipeline pipeline = pipeline("key: $.id", schema(DELAYS));
    List<Outcome> outcomes =
        write(
            pipeline,
            flight("a", ",\"delay\":5"),
            flight("b", ",\"delay\":\"geheim\""),
            flight("c", ",\"delay\":101,\"gate\":\"geheim\""));
    assertThat(outcomes.getFirst()).isEqualTo(Outcome.STORED);
    assertThat(rejection(outcomes.get(1)).reason()).isEqualTo(ReasonCode.SCHEMA_VIOLATION);
    assertThat(database.rows("SELECT id FROM flights")).containsExactly("a");
    assertThat(
            database.rows(
                "SELECT reason || ' ' || \"column\" || ': ' || detail FROM escala.dead_letter ORDER"
                    + " BY id"))
        .containsExactly(
            "schema.violation delay: /delay does not fit type \"integer\", at"
                + " #/properties/delay/type of the schema",
            "schema.violation delay: /delay does not fit maximum 100, at #/properties/delay/maximum"
                + " of the schema");
  }

  @Test
  void whatDoesNotFitNeverShapesTheTable() {
    Pipeline pipeline = pipeline("key: $.id", schema(DELAYS));
    write(pipeline, flight("a", ",\"delay\":1000,\"gate\":\"A1\""));
    assertThat(database.count("SELECT count(*) FROM pg_class WHERE relname = 'flights'")).isZero();
    write(pipeline, flight("b", ",\"delay\":1"), flight("c", ",\"delay\":\"late\",\"gate\":1"));
    assertThat(
            database.rows(
                "SELECT column_name || ' ' || data_type FROM information_schema.columns"
                    + " WHERE table_name = 'flights' AND column_name NOT LIKE '\\_%'"
                    + " ORDER BY ordinal_position"))
        .containsExactly("id text", "delay bigint");
  }

  /** It says how messages are sent: before fields are renamed, and with what has no column. */
  @Test
  void itIsHeldToTheMessageAsItWasSent() {
    Pipeline pipeline =
        pipeline(
            "key: $.id",
            "rename: {delay: minutes}",
            "unknown-fields: drop",
            "columns: [{name: id, type: text}, {name: minutes, type: bigint}]",
            schema(
                """
                {"properties": {"delay": {"maximum": 100}, "note": {"maxLength": 3}}}\
                """));
    List<Outcome> outcomes =
        write(
            pipeline,
            flight("a", ",\"delay\":5"),
            flight("b", ",\"delay\":500"),
            flight("c", ",\"note\":\"long\""));
    assertThat(outcomes.getFirst()).isEqualTo(Outcome.STORED);
    assertThat(rejection(outcomes.get(1)).column()).isEqualTo("delay");
    assertThat(rejection(outcomes.get(2)).column()).isEqualTo("note");
  }

  @Test
  void aReplayIsHeldToTheSchemaAsItIsNow() {
    write(pipeline("key: $.id", schema(DELAYS)), flight("a", ",\"delay\":101"), flight("b", ""));
    write(pipeline("key: $.id"), flight("c", ",\"delay\":\"late\""));
    Pipeline stricter = pipeline("key: $.id", schema("{\"properties\":{\"delay\":false}}"));
    replay(stricter);
    assertThat(database.rows("SELECT status || ' ' || attempts FROM escala.dead_letter"))
        .containsExactly("new 2");
    replay(pipeline("key: $.id", schema("{\"properties\":{\"delay\":{\"maximum\":200}}}")));
    assertThat(database.rows("SELECT status FROM escala.dead_letter")).containsExactly("resolved");
    assertThat(database.rows("SELECT id FROM flights ORDER BY id")).containsExactly("a", "b", "c");
  }

  private void replay(Pipeline pipeline) {
    write(
        pipeline,
        letters.messages(Filter.ALL, 0, 10, 1 << 20).stream()
            .map(letter -> letter.message())
            .toList());
  }

  @Test
  void versionsAndTombstonesAreTakenAsBefore() {
    Pipeline pipeline = pipeline("key: $.id", "dedup: latest", "deleted: $.gone", schema(DELAYS));
    write(pipeline, flight("a", ",\"delay\":1"), flight("b", ",\"delay\":1"));
    Origin key = new Origin(SourceKind.KAFKA, "k", Instant.now(), 1, Map.of(Origin.KAFKA_KEY, "a"));
    List<Outcome> outcomes =
        write(
            pipeline,
            new Message(
                "flights",
                Payload.utf8(""),
                key,
                dev.escala.model.Rejection.of(ReasonCode.PAYLOAD_MISSING, "no value")),
            flight("b", ",\"gone\":true,\"delay\":1000"));
    assertThat(outcomes.getFirst()).as("has no body that could fit").isEqualTo(Outcome.STORED);
    assertThat(rejection(outcomes.getLast()).reason()).isEqualTo(ReasonCode.SCHEMA_VIOLATION);
    assertThat(database.rows("SELECT id FROM flights")).containsExactly("b");
  }

  @Test
  void whatIsNoJsonHasItsReasonAsBefore() {
    Pipeline pipeline = pipeline("key: $.id", "non-finite: omit", schema(DELAYS));
    List<Outcome> outcomes =
        write(
            pipeline,
            Messages.of("1", "{\"id\":"),
            Messages.of("2", "[1]"),
            Messages.of("3", "{\"id\":\"a\",\"id\":\"b\"}"),
            Messages.of("4", "{\"id\":" + "[".repeat(200) + "]".repeat(200) + "}"),
            Messages.of("5", "{\"id\":\"a\"} {}"),
            Messages.of("6", "{\"id\":\"a\",\"x\":1e999999999}"));
    assertThat(outcomes.stream().map(outcome -> rejection(outcome).reason()))
        .containsExactly(
            ReasonCode.JSON_MALFORMED,
            ReasonCode.JSON_MALFORMED,
            ReasonCode.JSON_DUPLICATE_KEY,
            ReasonCode.JSON_DEPTH,
            ReasonCode.JSON_MALFORMED,
            ReasonCode.SCHEMA_VIOLATION);
  }
}
