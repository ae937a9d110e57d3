package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.HealthProbe;
import dev.escala.serve.database.PoolSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads of few rows that take long, beside those that are quick. */
@Tag("integration")
class SlowReadsTest {
  private static final String HONEST = "127.0.0.2";
  private static final int SLOW = 40;

  private final PostgresServer.Database database = PostgresServer.newDatabase();
  private final List<RawConnection> readers = new ArrayList<>();
  private ServedDatabase served;

  /** Each row of the view takes a second, and there are enough for the whole test. */
  @BeforeEach
  void start() {
    database.execute(
        """
        CREATE TABLE quick (id int PRIMARY KEY, name text);
        INSERT INTO quick SELECT i, 'n' || i FROM generate_series(1, 1000) i;
        CREATE VIEW slow AS SELECT id, name, pg_sleep(1)::text AS slept FROM quick;
        CREATE VIEW few AS SELECT id, pg_sleep(0.2)::text AS slept FROM quick WHERE id <= 3\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url(), PoolSettings.DEFAULT));
  }

  @AfterEach
  void stop() throws IOException {
    for (RawConnection reader : readers) {
      reader.close();
    }
    served.close();
  }

  private RawConnection ask(String from, String pathAndQuery) throws IOException {
    RawConnection reader = new RawConnection(served.port(), from);
    readers.add(reader);
    return reader.send("GET %s HTTP/1.1\r\nHost: a\r\n\r\n".formatted(pathAndQuery));
  }

  private long slowOnes() {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE application_name = 'escala' AND datname = current_database()
          AND state = 'active' AND query LIKE '%slow%' AND pid <> pg_backend_pid()\
        """);
  }

  private void assertOthersAreServed() throws Exception {
    for (int id = 1; id <= 100; id++) {
      assertThat(ask(HONEST, "/db/quick?select=id&id=eq." + id).answer())
          .isEqualTo("200 [{\"id\":%d}]".formatted(id));
    }
    assertThat(ask(HONEST, "/db/quick?select=id&name=eq.n7").answer())
        .isEqualTo("200 [{\"id\":7}]");
    assertThat(ask(HONEST, "/db/quick?select=id&id=gt.998").answer())
        .isEqualTo("200 [{\"id\":999},\n{\"id\":1000}]");
    for (HealthProbe probe : served.api.probes()) {
      assertThat(probe.check().toCompletableFuture().get(1, TimeUnit.MINUTES).status())
          .isNotEqualTo(HealthProbe.Status.CRITICAL);
    }
  }

  @Test
  void readsThatAreNotQuickGoOnApartAndNobodyWaitsBehindThem() throws Exception {
    for (int i = 0; i < SLOW; i++) {
      ask("127.0.0.1", "/db/slow?limit=100");
    }
    eventually("half of the streams are used by them", () -> slowOnes() == 6);
    assertOthersAreServed();
    assertThat(slowOnes()).as("still").isEqualTo(6);
  }

  @Test
  void norBehindThoseThatNobodyHasSeenBefore() throws Exception {
    for (int i = 0; i < SLOW; i++) {
      ask("127.0.0.1", "/db/slow?limit=100&id=not.eq.%d".formatted(i) + "&id=gt.0".repeat(i));
    }
    eventually("half of the streams are used by them", () -> slowOnes() >= 6);
    assertOthersAreServed();
  }

  @Test
  void whatIsSlowIsAnsweredAllTheSame() throws IOException {
    assertThat(ask("127.0.0.1", "/db/slow?select=id&slept=eq.&limit=1").answer())
        .isEqualTo("200 [{\"id\":1}]");
    assertThat(ask("127.0.0.1", "/db/slow?select=id&slept=eq.&limit=1").answer())
        .isEqualTo("200 [{\"id\":1}]");
  }

  @Test
  void theOnlyRowOfSeveralIsCountedApart() {
    var several = served.get("/db/few?select=id", "Accept", "application/vnd.pgrst.object+json");
    assertThat(several.statusCode()).isEqualTo(406);
    assertThat(several.body()).contains("The result contains 3 rows");
  }
}
