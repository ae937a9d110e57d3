package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.SourceKind;
import dev.escala.testing.RecordingObserver;
import dev.escala.testing.S3Server;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the sources of a topic, as they are configured now, make of its dead letters. */
@Tag("integration")
class LetterOpeningTest {
  private final S3Server s3 = new S3Server();

  @AfterEach
  void close() {
    s3.close();
  }

  /** With this in the settings of the topic's queue; where it is empty the queue is another's. */
  private Message opened(String queue, Message letter) throws ConfigurationException {
    String yaml =
        """
        auth: none
        databases: {db: {url: "postgresql://a:b@localhost:1/c"}}
        topics: {t: {table: db.t}, other: {table: db.other}}
        sources: [{sqs: {queue: "http://localhost:1/1/q", topic: TOPIC, QUEUE}}]
        """
            .replace("TOPIC", queue.isEmpty() ? "other" : "t")
            .replace("QUEUE", queue)
            .replace("S3", s3.endpoint().toString());
    Configuration configuration = Configuration.read("test", yaml, ignored -> null);
    try (LetterOpening opening = LetterOpening.open(configuration, "t", new RecordingObserver())) {
      return opening.opened(letter);
    }
  }

  private static String buckets(String bucket) {
    return "s3: {endpoint: \"S3\", buckets: [%s]}".formatted(bucket);
  }

  private static Message letter(String body, @Nullable ReasonCode reason) {
    Map<String, String> attributes = Map.of("ExtendedPayloadSize", "300000");
    return new Message(
        "t",
        Payload.utf8(body),
        new Origin(SourceKind.SQS, "id", Instant.EPOCH, 1, attributes),
        reason == null ? null : Rejection.of(reason, "as it was"),
        7);
  }

  private static @Nullable ReasonCode reason(Message message) {
    Rejection unreadable = message.unreadable();
    return unreadable == null ? null : unreadable.reason();
  }

  @Test
  void aBodyThatMayBeReadByNowIsRead() throws Exception {
    Message letter = letter(s3.put("bodies", "1", "{}"), ReasonCode.PAYLOAD_S3_DENIED);

    Message denied = opened(buckets("others"), letter);
    assertThat(denied.payload()).isEqualTo(letter.payload());
    assertThat(reason(denied)).isEqualTo(ReasonCode.PAYLOAD_S3_DENIED);

    Message read = opened(buckets("bodies"), letter);
    assertThat(read.payload().text()).isEqualTo("{}");
    assertThat(read.unreadable()).isNull();
    assertThat(read.deadLetter()).isEqualTo(7);
    assertThat(opened("", letter)).isEqualTo(letter);
  }

  @Test
  void aBodyThatS3DoesNotGiveNowStaysALetter() throws Exception {
    Message letter = letter(s3.put("bodies", "1", "{}"), ReasonCode.PAYLOAD_S3_MISSING);
    s3.fail("bodies", "1", 403);

    Message later = opened(buckets("bodies"), letter);
    assertThat(reason(later)).isEqualTo(ReasonCode.PAYLOAD_S3_MISSING);
    assertThat(later.payload()).isEqualTo(letter.payload());
  }

  @Test
  void whatIsNoEnvelopeIsAMessageOnceNobodyExpectsOne() throws Exception {
    Message letter = letter("{\"n\":1}", ReasonCode.ENVELOPE_INVALID);

    assertThat(opened("format: sns", letter)).isEqualTo(letter);
    assertThat(reason(opened("format: auto", letter))).isNull();
  }

  @Test
  void aTombstoneStaysOne() throws Exception {
    Message letter = letter("", ReasonCode.PAYLOAD_MISSING);

    assertThat(opened("", letter)).isEqualTo(letter);
  }
}
