package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

@Tag("integration")
class EmbeddedPartsTest {
  @Test
  void theSampleIsWhole() {
    assertThat(SampleData.FLIGHTS.records()).hasSize(20_000);
    assertThat(SampleData.AIRPORTS.records())
        .hasSize(3_376)
        .allMatch(r -> r.startsWith("{\"iata\""));
  }

  @Test
  void theDatabaseIsDurableAndHasItsTwoLogins() {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(Optional.empty())) {
      assertThat(database.version()).startsWith(DataDirectory.MAJOR_VERSION + ".");
      assertThat(database.url())
          .matches("postgresql://escala_owner:escala_owner@localhost:\\d+/flights");
      assertThat(database.readUrl()).startsWith("postgresql://escala_read:");
    }
  }

  @Test
  void theTopicDeliversEnvelopesWithStableIds() throws InterruptedException {
    try (EmbeddedQueue queue = EmbeddedQueue.start()) {
      String url = queue.create("flights");
      DemoTopic topic = new DemoTopic(queue.client(), url, "flights");
      topic.publish(List.of("{\"a\":1}"));
      Message message =
          queue
              .client()
              .receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(5))
              .messages()
              .getFirst();
      assertThat(message.body())
          .startsWith("{\"Type\":\"Notification\",\"MessageId\":\"" + topic.messageId(0) + "\"")
          .contains("\"Message\":\"{\\\"a\\\":1}\"");
    }
  }
}
