package dev.escala.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.DatabaseUrl;
import dev.escala.postgres.DatabaseLogins.Login;
import dev.escala.store.StoreException;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final String api = "api" + suffix;

  @BeforeEach
  void anAdministrator() {
    database.execute("CREATE ROLE %s LOGIN CREATEROLE CREATEDB".formatted(administrator));
    database.execute(
        """
        DO $$ BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'escala_reader') THEN
            CREATE ROLE escala_reader NOLOGIN;
          END IF;
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'escala_api') THEN
            CREATE ROLE escala_api NOLOGIN;
          END IF;
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
            CREATE ROLE rds_iam NOLOGIN;
          END IF;
        END $$\
        """);
    database.execute(
        "GRANT escala_reader, escala_api, rds_iam TO %s WITH ADMIN OPTION"
            .formatted(administrator));
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
        as(administrator),
        byPassword(owner, ofOwner),
        byPassword(reader, ofReader),
        Optional.empty());
  }

  private void prepareForIam() {
    DatabaseLogins.prepare(
        as(administrator),
        new Login(owner, "", true),
        new Login(reader, "", true),
        Optional.of(new Login(api, "", true)));
  }

  private static Login byPassword(String name, String password) {
    return new Login(name, password, false);
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

  /** Also of a database that an earlier version has prepared. */
  @Test
  void whoAnswersRequestsLooksAndMakesNothing() {
    prepare();
    migrate(owner);
    prepareForIam();
    prepareForIam();
    migrate(owner);
    new Database(as(owner)).execute("CREATE TABLE flights AS SELECT 1 AS n");
    Database answering = new Database(as(api));

    migrate(api);
    assertThat(answering.rows("SELECT count(*) FROM escala.canary_key")).containsExactly("1");
    assertThat(answering.rows("SELECT count(*) FROM escala.dead_letter")).containsExactly("0");
    answering.execute("DELETE FROM escala.canary");
    for (String refused :
        List.of(
            "SELECT n FROM flights",
            "INSERT INTO flights VALUES (2)",
            "DELETE FROM escala.dead_letter",
            "UPDATE escala.api_key SET revoked_at = NULL",
            "CREATE TABLE own (n int)",
            "CREATE TABLE escala.own (n int)")) {
      assertThatThrownBy(() -> answering.execute(refused))
          .as(refused)
          .rootCause()
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void whoAnswersRequestsWaitsForTheMigrationsOfTheOwner() {
    prepareForIam();
    assertThatThrownBy(() -> migrate(api)).isInstanceOf(StoreException.class);

    migrate(owner);
    migrate(api);
  }

  /** As the first work of a server does. */
  private void migrate(String login) {
    try (PostgresDatabase opened = PostgresDatabase.open(PostgresSettings.of(as(login)))) {
      assertThat(opened.migrate()).isNotEqualTo("0");
    }
  }

  @Test
  void allLogInByIamWhereThereIsIam() {
    prepareForIam();

    assertThat(member(api, "rds_iam")).isTrue();
    assertThat(member(owner, "rds_iam")).isTrue();
    assertThat(member(reader, "rds_iam")).isTrue();
  }

  @Test
  void aLoginByPasswordIsNotAskedForATokenOfIam() {
    prepare("first", "second");

    assertThat(member(owner, "rds_iam")).isFalse();
    assertThat(member(reader, "rds_iam")).isFalse();
  }

  /** RDS takes no password of whoever is a member of a login by IAM. */
  @Test
  void theAdministratorIsNoMemberOfThem() {
    prepareForIam();
    prepareForIam();

    assertThat(member(administrator, owner)).isFalse();
    assertThat(member(administrator, reader)).isFalse();
    assertThat(member(administrator, api)).isFalse();
    assertThat(database.rows("SELECT FROM pg_roles WHERE rolname = 'escala_prepare'")).isEmpty();
    new Database(as(owner)).execute("CREATE TABLE t AS SELECT 1 AS n");
  }

  @Test
  void whatIsRefusedLeavesNothingBehind() {
    database.execute("REVOKE rds_iam FROM %s".formatted(administrator));

    assertThatThrownBy(this::prepareForIam).isInstanceOf(StoreException.class);

    assertThat(
            database.rows(
                "SELECT FROM pg_roles WHERE rolname IN ('escala_prepare', '%s')".formatted(owner)))
        .isEmpty();
  }

  private boolean member(String login, String role) {
    return database
        .rows("SELECT pg_has_role('%s', '%s', 'MEMBER')".formatted(login, role))
        .contains("t");
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
          as(administrator),
          byPassword(administrator, "other"),
          byPassword(reader, "read"),
          Optional.empty());
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
    DatabaseLogins.prepare(
        database.url(), byPassword(superuser, ""), byPassword(reader, "read"), Optional.empty());

    assertThat(Scram.fits(hash(reader), "read")).isTrue();
  }

  @Test
  void aPasswordIsNeverShown() {
    assertThat(byPassword("owner", "secret").toString()).isEqualTo("owner");
  }

  @Test
  void saysWhatWasRefused() {
    assertThatThrownBy(
            () ->
                DatabaseLogins.prepare(
                    as("nobody" + suffix),
                    byPassword(owner, ""),
                    byPassword(reader, ""),
                    Optional.empty()))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("cannot be prepared", "nobody" + suffix);
  }
}
