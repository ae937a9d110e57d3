package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.serve.database.SqlSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With whose login there is SQL over HTTP, and with whose there is none. */
@Tag("integration")
class SqlLoginTest {
  private static final SqlSettings SQL = ServedDatabase.SQL;

  private final Database database = PostgresServer.newDatabase();

  @Test
  void withoutALoginOfItsOwnItIsOff() {
    try (ServedDatabase off = ServedDatabase.start(ServedDatabase.settings(database.url()))) {
      HttpResponse<String> response = off.sql("select 1", "");
      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.body()).contains("ESC122", "read-url");
    }
  }

  @Test
  void withASuperuserItIsOff() {
    database.execute("CREATE ROLE sql_super SUPERUSER LOGIN PASSWORD 'secret'");
    try (ServedDatabase off = ServedDatabase.startFor(database, "sql_super", SQL)) {
      HttpResponse<String> response = off.sql("select 1", "");
      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.body()).contains("ESC122", "is a superuser", "read-url");
    }
  }

  @Test
  void withALoginThatMayWriteThroughAnotherRoleItIsOffUntilItMayNot() {
    database.execute(
        """
        CREATE TABLE effects (what text);
        CREATE ROLE sql_writer;
        GRANT INSERT (what) ON effects TO sql_writer;
        CREATE ROLE sql_member NOINHERIT LOGIN PASSWORD 'secret' IN ROLE sql_writer;
        """);
    try (ServedDatabase off = ServedDatabase.startFor(database, "sql_member", SQL)) {
      HttpResponse<String> response = off.sql("select 1 as a", "");
      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.body()).contains("ESC122", "may write to a table");
      database.execute("REVOKE sql_writer FROM sql_member");
      eventually("it is on", () -> off.sql("select 1 as a", "").statusCode() == 200);
      database.execute("GRANT pg_read_server_files TO sql_member");
      eventually(
          "it is off again", () -> off.sql("select 1", "").body().contains("the whole server"));
    }
  }

  @Test
  void itCanBeSwitchedOff() {
    database.execute("CREATE ROLE sql_without LOGIN PASSWORD 'secret'");
    try (ServedDatabase off =
        ServedDatabase.startFor(
            database,
            "sql_without",
            new SqlSettings(false, SQL.maxRows(), SQL.maxBytes(), SQL.timeout(), SQL.maxCost()))) {
      assertThat(off.sql("select 1", "").body()).contains("ESC122", "sql.enabled");
    }
  }
}
