package dev.escala.serve.database;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.Relationships;
import dev.escala.catalog.SqlNames;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connection by which a catalog is kept fresh: there is one, and it ends. */
@Tag("integration")
class CatalogKeeperTest {
  private static final CatalogKeeper.Loaded NOTHING =
      new CatalogKeeper.Loaded(
          DatabaseCatalog.of(
              List.of("public"), List.of(), Relationships.NONE, List.of(), SqlNames.NONE, null),
          0);

  private final PostgresServer.Database database = PostgresServer.newDatabase();
  private final Vertx vertx = Vertx.vertx();
  private final CatalogKeeper keeper =
      new CatalogKeeper(
          vertx, settings(), () -> Optional.of(database.url()), new RecordingObserver());

  private DatabaseSettings settings() {
    return new DatabaseSettings(
        "db",
        database.url(),
        Optional.empty(),
        List.of("public"),
        Duration.ofSeconds(30),
        PoolSettings.DEFAULT,
        new SqlSettings(true, 100, 10_000, Duration.ofSeconds(1), 10_000));
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private long connections() {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'escala'\
        """);
  }

  @Test
  void whoeverAsksWhileItConnectsSharesTheConnection() {
    keeper.start();
    Future.all(keeper.after(NOTHING, true), keeper.after(NOTHING, true)).await();
    assertThat(connections()).isEqualTo(1);
    keeper.close();
    eventually("it is closed", () -> connections() == 0);
  }

  /** Nothing polls: it was not started, and only asked once. */
  @ParameterizedTest
  @ValueSource(strings = {"NOTIFY escala", "NOTIFY pgrst, 'reload schema'", "NOTIFY pgrst"})
  void aNotificationReloads(String notify) {
    assertThat(keeper.after(NOTHING, true).await().catalog().relation("public", "fresh")).isEmpty();
    eventually("it listens", () -> listens());
    database.execute("CREATE TABLE fresh (id int); " + notify);
    eventually(
        "the table is known",
        () -> keeper.current().orElseThrow().catalog().relation("public", "fresh").isPresent());
    keeper.close();
  }

  private boolean listens() {
    return database.count(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'escala' AND state = 'idle'\
            """)
        == 1;
  }

  @Test
  void aConnectionThatComesAfterTheEndIsClosed() {
    Future<CatalogKeeper.Loaded> asked = keeper.after(NOTHING, true);
    keeper.close();
    assertThat(asked.await()).isEqualTo(NOTHING);
    eventually("it is closed", () -> connections() == 0);
  }
}
