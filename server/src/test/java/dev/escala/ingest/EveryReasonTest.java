package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.testing.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** There is a message for each reason, and it ends as a dead letter of that reason. */
@Tag("integration")
class EveryReasonTest extends PipelineRun {
  private static final String[] SETTINGS = {
    "key: $.id",
    "schema: '" + schema() + "'",
    "unknown-fields: reject",
    "columns:",
    "  - { name: id, type: text }",
    "  - { name: small, type: smallint }",
    "  - { name: price, type: 'numeric(5,2)' }",
    "  - { name: at, type: timestamptz }",
    "  - { name: code, type: varchar(3) }",
    "  - { name: address, type: inet }",
  };

  private static Path schema() {
    try {
      Path file = Files.createTempFile("schema", ".json");
      file.toFile().deleteOnExit();
      return Files.writeString(file, "{\"properties\":{\"id\":{\"not\":{\"const\":\"c\"}}}}");
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Message message(ReasonCode reason) {
    String fields =
        switch (reason) {
          case JSON_MALFORMED -> "\"id\":";
          case JSON_DUPLICATE_KEY -> "\"id\":\"a\",\"id\":\"b\"";
          case JSON_DEPTH -> "\"id\":" + "[".repeat(200) + "]".repeat(200);
          case ENVELOPE_INVALID -> "\"Type\":\"Notification\"";
          case SCHEMA_VIOLATION -> "\"id\":\"c\"";
          case FIELD_MISSING -> "\"small\":1";
          case FIELD_UNKNOWN -> "\"id\":\"a\",\"other\":1";
          case FIELD_TYPE -> "\"id\":\"a\",\"small\":\"one\"";
          case FIELD_RANGE -> "\"id\":\"a\",\"small\":40000";
          case FIELD_NUL -> "\"id\":\"\\u0000\"";
          case FIELD_TOO_LONG -> "\"id\":\"a\",\"code\":\"abcd\"";
          case NUMBER_PRECISION -> "\"id\":\"a\",\"price\":1.234";
          case TIME_FORMAT -> "\"id\":\"a\",\"at\":\"yesterday\"";
          case ROW_CONSTRAINT -> "\"id\":\"a\",\"small\":-1";
          case ROW_DATA -> "\"id\":\"a\",\"address\":\"nowhere\"";
          case PAYLOAD_MISSING,
              PAYLOAD_MALFORMED,
              PAYLOAD_SCHEMA_MISSING,
              PAYLOAD_S3_DENIED,
              PAYLOAD_S3_MISSING ->
              "";
          case PAYLOAD_TOO_LARGE -> "\"id\":\"" + "x".repeat(16 << 20) + "\"";
        };
    Message message = Messages.of("m-" + reason, "{" + fields + "}");
    return switch (reason) {
      case ENVELOPE_INVALID,
          PAYLOAD_MISSING,
          PAYLOAD_MALFORMED,
          PAYLOAD_SCHEMA_MISSING,
          PAYLOAD_S3_DENIED,
          PAYLOAD_S3_MISSING ->
          unreadable(message, reason);
      default -> message;
    };
  }

  /** As the source says where it cannot make a payload of what it received. */
  private static Message unreadable(Message message, ReasonCode reason) {
    return new Message(
        message.topic(), message.payload(), message.origin(), Rejection.of(reason, "of a source"));
  }

  @ParameterizedTest
  @EnumSource
  void isGivenToSomeMessage(ReasonCode reason) {
    Pipeline pipeline = pipeline(SETTINGS);
    write(pipeline, Messages.of("first", "{\"id\":\"first\"}"));
    database.execute("ALTER TABLE flights ADD CHECK (small >= 0)");
    List<Outcome> outcomes =
        write(pipeline, message(reason), Messages.of("other", "{\"id\":\"other\"}"));
    assertThat(rejection(outcomes.getFirst()).reason()).isEqualTo(reason);
    assertThat(outcomes.getLast()).isEqualTo(Outcome.STORED);
    assertThat(database.rows("SELECT reason FROM escala.dead_letter"))
        .containsExactly(reason.code());
  }
}
