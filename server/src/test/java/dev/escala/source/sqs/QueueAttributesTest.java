package dev.escala.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.source.sqs.QueueAttributes.Redrive;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What AWS says of a queue, and what of it is a doubt. */
class QueueAttributesTest {
  private static final String ARN = "arn:aws:sqs:eu-west-1:123456789012:flights-dead";
  private static final Duration DAYS = Duration.ofDays(4);
  private static final Duration WRITE = Duration.ofMillis(60_005);

  @ParameterizedTest
  @ValueSource(strings = {"30", "\"30\""})
  void theRedrivePolicyIsReadHoweverItWasSet(String count) {
    QueueAttributes attributes =
        QueueAttributes.of(
            Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                "90",
                QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                "1209600",
                QueueAttributeName.FIFO_QUEUE,
                "true",
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%s}".formatted(ARN, count)));

    assertThat(attributes)
        .isEqualTo(
            new QueueAttributes(
                Duration.ofSeconds(90), Duration.ofDays(14), true, new Redrive(ARN, 30)));
    assertThat(attributes.text())
        .isEqualTo("FIFO, hides for 90s, keeps for 14d, to flights-dead after 30 receipts");
  }

  @Test
  void whatIsNotSaidIsWhatSqsTakes() {
    assertThat(QueueAttributes.of(Map.of()))
        .isEqualTo(new QueueAttributes(Duration.ofSeconds(30), DAYS, false, null));
  }

  private static List<String> advice(
      Duration visibility, Duration retention, @Nullable Integer receipts) {
    Redrive redrive = receipts == null ? null : new Redrive(ARN, receipts);
    return QueueAdvice.of(new QueueAttributes(visibility, retention, false, redrive), WRITE);
  }

  @Test
  void aQueueWithoutRedrivePolicyIsNoDoubt() {
    assertThat(advice(Duration.ofSeconds(61), DAYS, null)).isEmpty();
    assertThat(advice(Duration.ofSeconds(61), DAYS, 3)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void fewReceiptsMoveGoodMessagesAway(int receipts) {
    assertThat(advice(Duration.ofSeconds(61), DAYS, receipts))
        .singleElement()
        .asString()
        .startsWith("Messages go to flights-dead after " + receipts + " receipts.")
        .contains("Set maxReceiveCount to 20 or more");
  }

  @Test
  void whatIsHiddenForLessThanAWriteComesAgainTooSoon() {
    assertThat(advice(Duration.ofSeconds(60), DAYS, 20))
        .singleElement()
        .asString()
        .startsWith("Messages are hidden for 60s, and a batch may take 61s")
        .contains("Set VisibilityTimeout to 61 or more");
  }

  @Test
  void whatIsKeptForLessThanADayDoesNotOutlastAnOutage() {
    assertThat(advice(Duration.ofMinutes(2), Duration.ofHours(23), 20))
        .singleElement()
        .asString()
        .startsWith("Messages are kept for 23h")
        .contains("MessageRetentionPeriod");
  }
}
