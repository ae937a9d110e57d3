package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.KafkaServer;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The canary of a topic that comes from Kafka, through a whole server. */
@Tag("integration")
@Timeout(180)
class KafkaCanaryTest {
  private static final String YAML =
      """
      auth: none
      canary: {every: 100ms, patience: 5s}
      databases: {a: {url: "${URL}"}}
      topics: {t: {table: a.t, CANARY}}
      sources: [{kafka: {brokers: "${BROKERS}", subscribe: "${TOPIC}", topic: t, group: "${GROUP}"}}]
      """;

  private final Database database = PostgresServer.newDatabase();
  private final String group = KafkaServer.newName();

  private RunningServer start(KafkaServer kafka, KafkaServer.Topic topic, String canary) {
    return RunningServer.start(
        YAML.replace("CANARY", canary),
        database,
        Map.of(
            "BROKERS", String.join(",", kafka.addresses()), "TOPIC", topic.name(), "GROUP", group));
  }

  private static List<String> numbered(int to) {
    return IntStream.range(0, to).mapToObj("{\"n\":%d}"::formatted).toList();
  }

  private void awaitRows(int rows) {
    eventually(
        rows + " rows",
        () ->
            database.count("SELECT count(*) FROM pg_tables WHERE tablename = 't'") == 1
                && database.count("SELECT count(*) FROM t") == rows);
  }

  private static double count(RunningServer server, String what) {
    return server.metric("canary_" + what + "_total");
  }

  @Test
  void goesTheWholeWayAndLeavesNoRow() {
    KafkaServer.Topic topic = KafkaServer.shared().newTopic(3);
    try (RunningServer server = start(KafkaServer.shared(), topic, "canary: source")) {
      topic.sendAll(numbered(30));
      eventually("5 markers", () -> count(server, "served") >= 5);
      awaitRows(30);
      for (String harm : List.of("lost", "mismatch", "duplicate", "publish_failures")) {
        assertThat(count(server, harm)).as(harm).isZero();
      }
      assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isZero();
      eventually(
          "health says so",
          () -> server.get("/health").body().contains("\"canary t\":{\"status\":\"ok\""));
    }
    assertThat(markers(topic)).isPositive();
  }

  /** All that the topic has beside its thirty messages, once they are read. */
  private long markers(KafkaServer.Topic topic) {
    return KafkaServer.shared().committed(group, topic).values().stream().mapToLong(o -> o).sum()
        - 30;
  }

  @Test
  void writesNothingToKafkaUnlessItIsToldTo() {
    KafkaServer.Topic topic = KafkaServer.shared().newTopic(3);
    try (RunningServer server = start(KafkaServer.shared(), topic, "key: $.n")) {
      topic.sendAll(numbered(30));
      eventually("5 markers", () -> count(server, "served") >= 5);
      awaitRows(30);
      eventually("all are committed", () -> markers(topic) == 0);
    }
  }

  @Test
  void withoutTheRightToWriteMessagesGoOnAndTheCanaryTells() {
    try (KafkaServer kafka = KafkaServer.startWithRules()) {
      KafkaServer.Topic topic = kafka.newTopic(1);
      kafka.allow(topic, AclOperation.READ);
      kafka.allow(topic, AclOperation.WRITE);
      topic.sendAll(numbered(30));
      kafka.forbid(topic, AclOperation.WRITE);
      try (RunningServer server = start(kafka, topic, "canary: source")) {
        eventually("it tells", () -> count(server, "publish_failures") >= 2);
        awaitRows(30);
        assertThat(server.get("/health").body()).contains("its markers are not published");
        assertThat(count(server, "published")).isZero();
      }
    }
  }
}
