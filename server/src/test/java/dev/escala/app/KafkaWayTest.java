package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.KafkaServer;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From a topic of Kafka to rows, through a whole server. */
@Tag("integration")
@Timeout(180)
class KafkaWayTest {
  private static final String YAML =
      """
      auth: none
      canary: {enabled: false}
      databases: {a: {url: "${URL}"}}
      topics: {"*": {table: "a.{topic}"}}
      sources: [{kafka: {brokers: "${BROKERS}", subscribe: "${TOPIC}", group: "${GROUP}"}}]
      """;

  private final Database database = PostgresServer.newDatabase();
  private final String group = KafkaServer.newName();
  private final KafkaServer.Topic topic = KafkaServer.shared().newTopic("way_" + group, 3);

  private RunningServer start() {
    return RunningServer.start(
        YAML,
        database,
        Map.of(
            "BROKERS",
            String.join(",", KafkaServer.shared().addresses()),
            "TOPIC",
            topic.name(),
            "GROUP",
            group));
  }

  private static List<String> numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj("{\"n\":%d}"::formatted).toList();
  }

  private long committed() {
    return KafkaServer.shared().committed(group, topic).values().stream().mapToLong(o -> o).sum();
  }

  private void allAre(int rows, int committed) {
    eventually(() -> "committed: " + committed(), () -> committed() == committed);
    assertThat(database.rows("SELECT count(*), count(DISTINCT n) FROM \"" + topic.name() + "\""))
        .containsExactly(rows + "|" + rows);
  }

  @Test
  void recordsBecomeRowsAndWhatIsNoneADeadLetter() {
    topic.send(new ProducerRecord<>(topic.name(), 0, "LA1", null));
    topic.sendAll(numbered(0, 500));
    topic.send("no json");
    try (RunningServer server = start()) {
      allAre(500, 502);
      assertThat(
              database.rows(
                  "SELECT source, reason, attributes ->> 'kafka.key', octet_length(body)"
                      + " FROM escala.dead_letter ORDER BY reason"))
          .containsExactly("kafka|json.malformed||7", "kafka|payload.missing|LA1|0");
      assertThat(server.get("/health").body()).contains("source kafka " + topic.name());
    }
  }

  /** As if it had been killed between the commit of rows and that of offsets. */
  @Test
  void offsetsThatWereNotCommittedBringDuplicatesAndNoSecondRow() {
    try (RunningServer server = start()) {
      topic.sendAll(numbered(0, 300));
      allAre(300, 300);
      assertThat(server.metric("ingest_rows_total", "result=\"duplicate\"")).isZero();
    }
    KafkaServer.shared().forget(group, topic, 0);
    KafkaServer.shared().forget(group, topic, 1);
    topic.sendAll(numbered(300, 330));
    try (RunningServer server = start()) {
      allAre(330, 330);
      assertThat(server.metric("ingest_rows_total", "result=\"duplicate\"")).isEqualTo(200);
    }
  }

  @Test
  void twoServersShareTheTopicThroughComingAndGoing() {
    try (RunningServer one = start()) {
      topic.sendAll(numbered(0, 300));
      try (RunningServer two = start()) {
        eventually("both are in the group", () -> KafkaServer.shared().members(group) == 2);
        topic.sendAll(numbered(300, 600));
        assertThat(two.get("/ping").statusCode()).isEqualTo(200);
      }
      topic.sendAll(numbered(600, 900));
      allAre(900, 900);
      assertThat(one.get("/ping").statusCode()).isEqualTo(200);
    }
  }
}
