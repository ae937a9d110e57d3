package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RecordingObserver;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics that open while the server stops. */
@Tag("integration")
class TopicsTest {
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
            """,
            variables::get);
    writable =
        WritableDatabase.open(
            Objects.requireNonNull(configuration.databases().get("db")).writes(),
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
    assertThat(topics.source("before")).isPresent();
    assertThat(topics.probes()).hasSize(1);
    topics.close();
    assertThat(topics.source("after"))
        .hasValueSatisfying(late -> assertThat(late.lastReceive()).as("was open").isEmpty());
    assertThat(topics.probes()).as("loops, of which none runs for it").hasSize(1);
  }
}
