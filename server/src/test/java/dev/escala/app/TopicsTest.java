package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.TopicClosed;
import dev.escala.source.http.HttpSource;
import dev.escala.source.http.TopicsApi.Opening;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RecordingObserver;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics that open and close: while the server stops, and those that anybody may invent. */
@Tag("integration")
class TopicsTest {
  private static final String CLIENT = "192.0.2.1";

  private final Database database = PostgresServer.newDatabase();
  private final RecordingObserver observer = new RecordingObserver();
  private final WritableDatabase writable;
  private final Topics topics;

  TopicsTest() throws ConfigurationException {
    Map<String, String> variables =
        Map.of("URL", RunningServer.url(database, "postgres", "postgres"));
    Configuration configuration =
        Configuration.read(
            "test",
            """
            databases: {db: {url: "${URL}"}}
            topics:    {"*": {table: "db.{topic}"}}
            publish:   {invented: {most: 3, idle: 1ms, tables-per-minute: 5}}
            """,
            variables::get);
    writable =
        WritableDatabase.open(
            Objects.requireNonNull(configuration.databases().get("db")).writes(),
            (schema, table) -> false,
            configuration.inventedBounds(),
            Optional.empty(),
            observer);
    topics = new Topics(configuration, Map.of("db", writable), observer);
  }

  @AfterEach
  void close() {
    topics.close();
    writable.close();
  }

  @Test
  void aTopicThatIsNewWhileOthersAreDrainedTakesNothing() {
    assertThat(topics.source("before", CLIENT)).isInstanceOf(Opening.Open.class);
    assertThat(topics.probes()).hasSize(1);
    topics.close();
    assertThat(topics.source("after", CLIENT))
        .isInstanceOfSatisfying(
            Opening.Open.class,
            late -> assertThat(late.source().lastReceive()).as("was open").isEmpty());
    assertThat(topics.probes()).as("loops, of which none runs for it").hasSize(1);
  }

  private HttpSource opened(String topic) {
    Opening opening = topics.source(topic, CLIENT);
    assertThat(opening).isInstanceOf(Opening.Open.class);
    return ((Opening.Open) opening).source();
  }

  private String code(String topic, String client) {
    return topics.source(topic, client) instanceof Opening.Refused refused
        ? refused.problem().code()
        : "none";
  }

  @Test
  void topicsThatNobodyUsesMakeRoomForOthers() {
    opened("a");
    opened("b");
    opened("c");
    eventually("one that is new has room", () -> code("d", CLIENT).equals("none"));
    eventually(
        "all are closed",
        () -> {
          topics.closeIdle();
          return topics.openInvented().isEmpty();
        });
    assertThat(observer.all(TopicClosed.class))
        .extracting(TopicClosed::topic)
        .containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(topics.probes()).as("loops").isEmpty();
  }

  @Test
  void aClientMakesSoManyTablesAMinuteAndATableThatIsThereIsNone() {
    for (int i = 0; i < 5; i++) {
      assertThat(code("t" + i, CLIENT)).isEqualTo("none");
      topics.close("t" + i);
    }
    assertThat(code("another", CLIENT)).isEqualTo("ESC131");
    assertThat(code("another", "192.0.2.2")).isEqualTo("none");
    assertThat(topics.invented().orElseThrow().check().toCompletableFuture().join().status())
        .isEqualTo(HealthProbe.Status.WARN);
    database.execute(
        """
        CREATE TABLE known (_id uuid PRIMARY KEY, _event_time timestamptz NOT NULL,
          _received_at timestamptz NOT NULL DEFAULT now(), _source text NOT NULL);
        COMMENT ON COLUMN known._id IS 'Key of the topic known, whose table this is'
        """);
    for (int i = 0; i < 6; i++) {
      assertThat(code("known", "192.0.2.3")).isEqualTo("none");
      topics.close("known");
    }
  }

  @Test
  void aTopicThatAPersonClosesIsOpenedAnewByTheNextMessage() {
    HttpSource first = opened("a");
    assertThat(topics.close("a")).isTrue();
    assertThat(topics.close("a")).isFalse();
    assertThat(topics.probes()).isEmpty();
    assertThat(opened("a")).isNotEqualTo(first);
  }
}
