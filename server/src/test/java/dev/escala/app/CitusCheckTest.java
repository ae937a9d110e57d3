package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.CitusCluster;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check --live} says of a real Citus. */
@Tag("integration")
class CitusCheckTest {
  @TempDir private Path folder;

  private CommandRun check(Database database, String more) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("escala.yaml"),
            """
            auth: none
            databases: {db: {url: "%s"}}
            topics: {events: {table: db.events%s}}
            """
                .formatted(RunningServer.url(database, "postgres", "postgres"), more));
    return CommandRun.of("check", "--live", file.toString());
  }

  @Test
  void theWorkersAreLookedAt() throws Exception {
    try (CitusCluster cluster = CitusCluster.start()) {
      Database database = cluster.database();
      String distributed = ", distribute: key, shards: 4";
      assertThat(check(database, distributed).exitsWith(0))
          .contains("ok    Citus 13.2-1 in db: 2 workers")
          .contains("citus.max_cached_conns_per_worker is 1")
          .contains("set it to 2")
          .contains("the worker 127.0.0.1:%d has no standby".formatted(cluster.port(1)))
          .doesNotContain("recover_2pc");

      database.execute("ALTER DATABASE escala SET citus.max_cached_conns_per_worker = 2");
      assertThat(check(database, distributed).exitsWith(0)).doesNotContain("max_cached_conns");

      database.execute(
          "CREATE SCHEMA escala; CREATE TABLE escala.dead_letter (id int); CREATE TABLE"
              + " escala.tombstone (id int)");
      database.execute("SELECT create_reference_table('escala.dead_letter')");
      assertThat(check(database, distributed).exitCode()).isZero();
      database.execute("SELECT create_reference_table('escala.tombstone')");
      assertThat(check(database, distributed).exitsWith(1))
          .contains("FAIL  Citus in db: escala.tombstone has to stay on the coordinator");
      database.execute("SELECT undistribute_table('escala.tombstone')");

      cluster.kill(2);
      assertThat(check(database, distributed).exitsWith(1))
          .contains("FAIL  Citus in db: the worker 127.0.0.1:%d does".formatted(cluster.port(2)));
      cluster.revive(2);
      assertThat(check(database, distributed).exitCode()).isZero();
    }
  }

  @Test
  void aDatabaseWithoutItIsTold() throws Exception {
    Database database = PostgresServer.newDatabase();
    assertThat(check(database, ", distribute: key").exitsWith(1))
        .contains("FAIL  Citus in db: distribute: key needs the extension citus");
    assertThat(check(database, "").exitsWith(0)).doesNotContain("Citus");
  }
}
