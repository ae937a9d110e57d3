package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients and people see while PostgreSQL says that its disk is full. */
@Tag("integration")
class FullDiskTest {
  private final Database database = PostgresServer.newDatabase();
  private final RunningServer server =
      RunningServer.start(
          """
          databases: {db: {url: "${URL}"}}
          topics:    {readings: {table: db.readings, canary: off}}
          """,
          database,
          Map.of());

  @AfterEach
  void stop() {
    server.close();
  }

  private int post() {
    return server.post("/topics/readings", "{\"n\":1}").statusCode();
  }

  /** Rows of the table are refused with the state that PostgreSQL gives for a full disk. */
  private void fillDisk() {
    database.execute(
        """
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100';
          END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON readings
          FOR EACH ROW EXECUTE FUNCTION full_disk()
        """);
  }

  @Test
  void healthNamesTheDiskAndPublishingReturns() {
    assertThat(post()).isEqualTo(200);
    fillDisk();
    assertThat(post()).isEqualTo(503);
    eventually(
        "health names the disk",
        () -> {
          post();
          String health = server.get("/health").body();
          return health.contains("\"cause\":\"the disk of the database is full\"")
              && health.contains("\"hint\":\"Free or add space");
        });
    database.execute("DROP TRIGGER full_disk ON readings");
    eventually("publishing returns", () -> post() == 200);
    eventually(
        "health forgets it", () -> !server.get("/health").body().contains("the disk of the"));
  }
}
