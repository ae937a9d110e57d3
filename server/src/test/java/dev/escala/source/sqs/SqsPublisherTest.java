package dev.escala.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.testing.RecordingObserver;
import dev.escala.testing.SqsServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@Tag("integration")
class SqsPublisherTest {
  private static final SqsServer SQS = SqsServer.shared();

  private static SqsSettings settings(String url, SqsFormat format) {
    return new SqsSettings(
        url,
        "departures",
        format,
        null,
        SQS.endpoint(),
        SqsSettings.Polling.DEFAULT,
        SqsSettings.Limits.DEFAULT,
        S3Settings.NONE);
  }

  private static SqsPublisher open(String url, SqsFormat format) {
    return SqsPublisher.open(settings(url, format), new RecordingObserver());
  }

  private static Message received(String url, SqsFormat format) {
    SqsQueue queue = new SqsQueue(SQS.client(List.of()), url);
    return new SqsMessageReader("departures", format)
        .read(queue.receive(1, Duration.ofSeconds(2), Duration.ofSeconds(30)).getFirst());
  }

  @ParameterizedTest
  @EnumSource
  void sendsWhatTheReaderOfTheQueueExpects(SqsFormat format) {
    SqsServer.Queue queue = SQS.newQueue(30);
    try (SqsPublisher publisher = open(queue.url(), format)) {
      assertThat(publisher.publish("{\"a\":\"é\"}")).isEmpty();
      assertThat(publisher.backlog()).contains(new Backlog(1, 0, 0, null));
    }
    Message message = received(queue.url(), format);
    assertThat(message.unreadable()).isNull();
    assertThat(message.payload().text()).isEqualTo("{\"a\":\"é\"}");
  }

  @Test
  void sendsToAFifoQueueTheSameTextTwice() {
    String url =
        SQS.client(List.of())
            .createQueue(
                request ->
                    request
                        .queueName("publisher.fifo")
                        .attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
            .queueUrl();
    try (SqsPublisher publisher = open(url, SqsFormat.RAW)) {
      assertThat(publisher.publish("{}")).isEmpty();
      assertThat(publisher.publish("{}")).isEmpty();
      assertThat(publisher.backlog()).contains(new Backlog(2, 0, 0, null));
    }
  }

  @Test
  void saysWhyAQueueDoesNotTakeIt() {
    String url = SQS.newQueue(30).url() + "-missing";
    try (SqsPublisher publisher = open(url, SqsFormat.RAW)) {
      assertThat(publisher.publish("{}").orElseThrow()).contains(url, "does not exist");
      assertThat(publisher.backlog()).isEmpty();
    }
  }
}
