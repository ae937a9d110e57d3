package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check --live} says which roles of callers the login of readers may not become. */
@Tag("integration")
class RoleMembershipTest {
  private final Database database = PostgresServer.newDatabase();

  @TempDir Path folder;

  @BeforeEach
  void prepare() {
    database.execute(
        """
        CREATE ROLE membership_login LOGIN PASSWORD 'secret' NOINHERIT;
        CREATE ROLE membership_visitor; CREATE ROLE membership_member;
        GRANT membership_member TO membership_login\
        """);
  }

  @AfterEach
  void drop() {
    database.execute("DROP ROLE membership_login, membership_visitor, membership_member");
  }

  private String check(int exitCode) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("escala.yaml"),
            """
            databases: {db: {url: "%s", read-url: "%s"}}
            topics: {t: {table: db.t}}
            auth:
              anonymous: {role: membership_visitor}
              roles: {membership_member: {may: [read]}, producer: {may: [publish]}}
            """
                .formatted(
                    RunningServer.url(database, "postgres", "postgres"),
                    RunningServer.url(database, "membership_login", "secret")));
    return CommandRun.of("check", "--live", file.toString()).exitsWith(exitCode);
  }

  @Test
  void whatIsMissingIsToldWithTheSqlThatGrantsIt() throws Exception {
    assertThat(check(1))
        .contains("FAIL  roles of callers in db: membership_login may not become")
        .contains("GRANT membership_visitor TO membership_login")
        .doesNotContain("producer", "GRANT membership_member");

    database.execute("GRANT membership_visitor TO membership_login");
    assertThat(check(0)).contains("ok    roles of callers in db");
  }
}
