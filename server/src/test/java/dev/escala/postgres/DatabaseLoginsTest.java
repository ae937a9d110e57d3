package dev.escala.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.DatabaseUrl;
import dev.escala.postgres.DatabaseLogins.Login;
import dev.escala.store.StoreException;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With an administrator as RDS has them: makes roles and owns the database, but no superuser. */
@Tag("integration")
class DatabaseLoginsTest {
  private final Database database = PostgresServer.newDatabase();

  /** Roles belong to the whole server, on which other tests run, too. */
  private final String suffix = "_of_" + database.url().database();

  private final String administrator = "admin" + suffix;
  private final String owner = "owner" + suffix;
  private final String reader = "read" + suffix;

  @BeforeEach
  void anAdministrator() {
    database.execute("CREATE ROLE %s LOGIN CREATEROLE CREATEDB".formatted(administrator));
    database.execute(
        """
        DO $$ BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'escala_reader') THEN
            CREATE ROLE escala_reader NOLOGIN;
          END IF;
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
            CREATE ROLE rds_iam NOLOGIN;
          END IF;
        END $$\
        """);
    database.execute(
        "GRANT escala_reader, rds_iam TO %s WITH ADMIN OPTION".formatted(administrator));
    database.execute(
        "ALTER DATABASE %s OWNER TO %s".formatted(database.url().database(), administrator));
  }

  private DatabaseUrl as(String login) {
    DatabaseUrl url = database.url();
    return new DatabaseUrl(url.host(), url.port(), url.database(), login, "", Map.of());
  }

  private void prepare() {
    prepare("", "");
  }

  private void prepare(String ofOwner, String ofReader) {
    DatabaseLogins.prepare(
        as(administrator), new Login(owner, ofOwner), new Login(reader, ofReader));
  }

  /** Whether this is the password; the server of the tests lets everybody in. */
  private String hash(String login) {
    return database
        .rows("SELECT rolpassword FROM pg_authid WHERE rolname = '%s'".formatted(login))
        .getFirst();
  }

  @Test
  void oneMakesTablesAndTheOtherReadsThem() {
    prepare();
    Database owned = new Database(as(owner));
    owned.execute(
        "CREATE TABLE flights AS SELECT 1 AS n; GRANT SELECT ON flights TO escala_reader");
    Database read = new Database(as(reader));

    assertThat(read.rows("SELECT n FROM flights")).containsExactly("1");
    assertThatThrownBy(() -> read.execute("INSERT INTO flights VALUES (2)"))
        .rootCause()
        .hasMessageContaining("permission denied for table flights");
    assertThatThrownBy(() -> read.execute("CREATE TABLE own (n int)"))
        .rootCause()
        .hasMessageContaining("permission denied for schema public");
  }

  @Test
  void theOwnerRunsTheMigrations() {
    prepare();

    PostgresDatabase.open(PostgresSettings.of(as(owner))).close();

    assertThat(PostgresDatabase.trouble(PostgresSettings.of(as(owner)))).isEmpty();
  }

  @Test
  void bothLogInByIamWhereThereIsIam() {
    prepare();

    assertThat(
            database.rows(
                "SELECT pg_has_role('%s', 'rds_iam', 'MEMBER'), pg_has_role('%s', 'rds_iam', 'MEMBER')"
                    .formatted(owner, reader)))
        .containsExactly("t|t");
  }

  @Test
  void theReaderLeavesConnectionsAndTimeToOthers() {
    prepare();

    assertThat(
            database.rows(
                "SELECT rolconnlimit = current_setting('max_connections')::int * 3 / 4, rolconfig"
                    + " FROM pg_roles WHERE rolname = '%s'".formatted(reader)))
        .containsExactly("t|{statement_timeout=60s,idle_in_transaction_session_timeout=60s}");
  }

  @Test
  void aLimitThatSomebodyChoseStays() {
    database.execute("CREATE ROLE %s LOGIN CONNECTION LIMIT 7".formatted(reader));
    prepare();

    assertThat(
            database.rows(
                "SELECT rolconnlimit, rolconfig FROM pg_roles WHERE rolname = '%s'"
                    .formatted(reader)))
        .containsExactly("7|");
  }

  @Test
  void mayRunAgain() {
    prepare();
    prepare();

    assertThat(
            database.rows(
                "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname ="
                    + " current_database()"))
        .containsExactly(owner);
  }

  @Test
  void bothGetThePasswordsThatTheServerLogsInWith() {
    prepare("first", "it's \\ secret");
    String before = hash(reader);

    assertThat(Scram.fits(hash(owner), "first")).isTrue();
    assertThat(Scram.fits(before, "it's \\ secret")).isTrue();
    assertThat(Scram.fits(before, "first")).isFalse();

    prepare("", "second");
    assertThat(Scram.fits(hash(owner), "first")).as("one that is not told stays").isTrue();
    assertThat(Scram.fits(hash(reader), "second")).isTrue();
  }

  @Test
  void theAdministratorMayBeTheOwner() {
    database.execute("ALTER ROLE %s PASSWORD 'own'".formatted(administrator));
    String before = hash(administrator);
    for (int times = 0; times < 2; times++) {
      DatabaseLogins.prepare(
          as(administrator), new Login(administrator, "other"), new Login(reader, "read"));
    }

    assertThat(hash(administrator)).as("it logged in with it").isEqualTo(before);
    assertThat(Scram.fits(hash(reader), "read")).isTrue();
    new Database(as(administrator))
        .execute("CREATE TABLE t AS SELECT 1 AS n; GRANT SELECT ON t TO escala_reader");
    assertThat(new Database(as(reader)).rows("SELECT n FROM t")).containsExactly("1");
  }

  @Test
  void aSuperuserMayBeTheOwner() {
    String superuser = database.url().user();
    DatabaseLogins.prepare(database.url(), new Login(superuser, ""), new Login(reader, "read"));

    assertThat(Scram.fits(hash(reader), "read")).isTrue();
  }

  @Test
  void aPasswordIsNeverShown() {
    assertThat(new Login("owner", "secret").toString()).isEqualTo("owner");
  }

  @Test
  void saysWhatWasRefused() {
    assertThatThrownBy(
            () ->
                DatabaseLogins.prepare(
                    as("nobody" + suffix), new Login(owner, ""), new Login(reader, "")))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("cannot be prepared", "nobody" + suffix);
  }
}
