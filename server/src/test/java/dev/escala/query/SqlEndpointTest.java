package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.catalog.Introspection;
import dev.escala.catalog.SqlNames;
import dev.escala.testing.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules in front of a real server, in a READ ONLY transaction of a login that may read. */
@Tag("integration")
class SqlEndpointTest {
  private static final PostgresServer.Database DATABASE = PostgresServer.newDatabase();
  private static final String READER = "sql_endpoint_reader";
  private static Set<String> volatileFunctions = Set.of();
  private static SqlNames names = SqlNames.NONE;

  @BeforeAll
  static void arrange() {
    DATABASE.execute("CREATE EXTENSION dblink; CREATE EXTENSION tablefunc; CREATE EXTENSION xml2");
    DATABASE.execute(
        """
        CREATE TABLE flights (id int PRIMARY KEY, origin text, day date, tags text[], doc jsonb);
        INSERT INTO flights VALUES
          (1, 'JFK', '2026-01-01', '{a,b,c}', '{"gate": "B7", "stops": [1, 2]}'),
          (2, 'JFK', '2026-01-02', '{b}', '{"late": true}'),
          (3, 'SFO', '2026-01-02', '{}', '{}');
        CREATE FUNCTION "Remove"(flights) RETURNS int LANGUAGE sql
          AS 'DELETE FROM flights WHERE id = ($1).id RETURNING 1';
        CREATE SEQUENCE numbers;
        """);
    DATABASE.execute("CREATE ROLE " + READER + " LOGIN PASSWORD 'reader'");
    DATABASE.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + READER);
    DATABASE.execute("GRANT ALL ON SEQUENCE numbers TO " + READER);
    volatileFunctions =
        new HashSet<>(DATABASE.rows("SELECT DISTINCT proname FROM pg_proc WHERE provolatile='v'"));
    names = names();
  }

  /** As the catalog reads them. */
  private static SqlNames names() {
    try (Connection connection = DATABASE.connect();
        PreparedStatement statement =
            connection.prepareStatement(Introspection.SQL_NAMES.replace("$1", "'{public}'"));
        ResultSet row = statement.executeQuery()) {
      row.next();
      List<Set<String>> arrays = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        arrays.add(Set.of((String[]) row.getArray(i).getArray()));
      }
      return new SqlNames(
          Set.of("public"), arrays.get(0), arrays.get(1), arrays.get(2), arrays.get(3));
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @AfterAll
  static void dropTheLogin() {
    DATABASE.execute("DROP OWNED BY " + READER + "; DROP ROLE " + READER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT pg_notify('a', 'b')",
        "SELECT pg_catalog.pg_notify('a', 'b')",
        "SELECT \"pg_catalog\".\"pg_notify\"('a', 'b')",
        "SELECT Pg_Catalog . PG_NOTIFY /* ( */ -- (\n ('a', 'b')",
        "SELECT U&\"pg\\005fnotify\"('a', 'b')",
        "SELECT U&\"pg!005fnotify\" UESCAPE '!' ('a', 'b')",
        "SELECT $$ $a$ $$, pg_notify('a', $b$ $a$ $b$)",
        "SELECT E'a'\n'\\' || pg_notify(''a'', ''b'')'",
        "SELECT set_config('role', 'postgres', false)",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT * FROM set_config('statement_timeout', '0', true)",
        "SELECT * FROM ROWS FROM (set_config('a.b', 'c', false), lo_create(0))",
        "SELECT setseed(0.5)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_advisory_lock_shared(1, 2)",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT pg_advisory_xact_lock_shared(1)",
        "SELECT pg_try_advisory_lock(1)",
        "SELECT pg_try_advisory_lock_shared(1)",
        "SELECT pg_try_advisory_xact_lock(1)",
        "SELECT pg_try_advisory_xact_lock_shared(1)",
        "SELECT pg_advisory_unlock_all()",
        "SELECT treat(1::bigint AS pg_advisory_lock)",
        "SELECT treat('/etc/hostname' AS pg_read_file)",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
        "SELECT pg_cancel_backend(1)",
        "SELECT pg_reload_conf()",
        "SELECT lo_create(0)",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/x')",
        "SELECT lo_get(1)",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_read_binary_file('/etc/passwd')",
        "SELECT pg_ls_dir('.')",
        "SELECT pg_stat_file('.')",
        "SELECT nextval('numbers'), setval('numbers', 7)",
        "SELECT query_to_xml('SELECT pg_notify(''a'',''b'')', true, true, '')",
        "SELECT cursor_to_xml('c', 1, true, true, '')",
        "SELECT table_to_xml('flights', true, true, '')",
        "SELECT schema_to_xml('public', true, true, '')",
        "SELECT * FROM ts_stat('SELECT to_tsvector(pg_notify(''a'',''b'')::text)')",
        "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')",
        "SELECT * FROM crosstab('SELECT pg_notify(''a'',''b'')::text,1,2') AS t(a text, b int)",
        "SELECT * FROM connectby('flights', 'id', 'id', '1', 1) AS t(a int, b int, c int)",
        "SELECT * FROM xpath_table('id','doc','flights','/a','true') AS t(a int, b text)",
        "SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(a int)",
        "SELECT dblink_exec('dbname=postgres', 'CREATE TABLE t()')",
        "SELECT pg_current_xact_id()",
        "SELECT txid_current()",
        "SELECT pg_export_snapshot()",
        "SELECT pg_logical_emit_message(false, 'a', 'b')",
        "SELECT \"Remove\"(f) FROM flights f",
        "SELECT f.\"Remove\" FROM flights f",
        "SELECT (f).\"Remove\" FROM flights f",
        "SELECT d.pg_restore_relation_stats FROM pg_class d",
        "SELECT (5::bigint).pg_advisory_lock",
        "SELECT f.pg_advisory_lock FROM abs(5::bigint) f",
        "SELECT ('/etc/passwd'::text).pg_read_file",
        "SELECT ('((0,0),(1,1))'::text).polygon",
        "SELECT 1; DROP TABLE flights",
        "SELECT 1 INTO TEMP t",
        "WITH x AS (INSERT INTO flights VALUES (4) RETURNING 1) TABLE x",
        "COPY flights TO PROGRAM 'id'",
        "COPY (SELECT 1) TO STDOUT",
        "DO $$ BEGIN PERFORM pg_notify('a', 'b'); END $$",
        "SET transaction_read_only = off",
        "COMMIT",
        "EXPLAIN ANALYZE DELETE FROM flights",
        "PREPARE p AS DELETE FROM flights",
        "LOCK flights",
        "LISTEN a"
      })
  void anAttackIsRefusedByTheRules(String sql) {
    SqlRefused refused =
        catchThrowableOfType(SqlRefused.class, () -> SqlRequest.of(sql, Map.of(), names));

    assertThat(refused).as(sql).isNotNull();
    assertThat(refused.kind()).isEqualTo(SqlRefused.Kind.RULE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITH x AS (DELETE FROM flights RETURNING id) TABLE x",
        "WITH x AS (UPDATE flights SET origin = 'X' RETURNING id) TABLE x",
        "SELECT * FROM flights FOR UPDATE",
        "SELECT * FROM flights FOR KEY SHARE",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_notify :a",
        "SELECT :a pg_sleep(1) FROM",
        "SELECT lo_import:a"
      })
  void whatTheRulesLetThroughTheTransactionStops(String sql) throws SqlRefused {
    List<String> before = DATABASE.rows("TABLE flights");
    SqlRequest request =
        SqlRequest.of(sql, sql.contains(":a") ? Map.of("a", "x") : Map.of(), names);

    assertThat(catchThrowable(() -> run(request)))
        .as(sql)
        .isInstanceOf(SQLException.class)
        .extracting(failure -> ((SQLException) failure).getSQLState())
        .isIn("25006", "42501", "42601", "42703", "42P18", "XX000");
    assertThat(DATABASE.rows("TABLE flights")).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "SELECT id, row_number() OVER (PARTITION BY origin ORDER BY id DESC) FROM flights"
            + " WHERE id < 3 ORDER BY 1 ~ 1|2,2|1",
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3)"
            + " SELECT sum(i) FROM n; -- the end ~ 6",
        "SELECT f.id, t.tag FROM flights f, LATERAL unnest(f.tags) AS t(tag) WHERE f.id = 2 ~ 2|b",
        "SELECT tags[1:2], tags[2], (ARRAY[1, 2])[2:] FROM flights WHERE id = 1 ~ {a,b}|b|{2}",
        "SELECT doc ? 'gate', doc->>'gate', doc @> '{\"stops\": [1]}', doc #>> '{stops,1}',"
            + " doc ?| '{a,gate}' FROM flights WHERE id = 1 ~ t|B7|t|2|t",
        "SELECT jsonb_path_exists(doc, '$.stops[*] ? (@ > 1)') FROM flights WHERE id = 1 ~ t",
        "SELECT count(*) FILTER (WHERE origin = 'JFK'), max(day)::text FROM flights"
            + " ~ 2|2026-01-02",
        "SELECT origin, count(*) FROM flights GROUP BY GROUPING SETS ((origin), ())"
            + " ORDER BY 2, 1 ~ SFO|1,JFK|2,|3",
        "SELECT position('x' in 'abx'), extract(day from day), substring('abc' from 2 for 1),"
            + " trim(both from ' a '), overlay('abc' placing 'X' from 2) FROM flights WHERE id=2"
            + " ~ 3|2|b|a|aXc",
        "SELECT * FROM generate_series(1, 3) AS g WHERE g % 2 = 1 ~ 1,3",
        "VALUES (1, 'a;b'), (2, $q$:no$q$) ~ 1|a;b,2|:no",
        "TABLE flights ORDER BY id LIMIT 0 ~",
        "(SELECT 1 UNION SELECT 2 ORDER BY 1) ~ 1,2",
        "SELECT E'it\\'s', 'C:\\', U&'\\0041', \"day\"::text FROM flights WHERE id = 3"
            + " ~ it's|C:\\|A|2026-01-02",
        "SELECT CASE WHEN id > 2 THEN 'late' END, 1 AS into FROM flights WHERE id = 3 ~ late|1",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) FROM flights ~ 2",
        "SELECT string_agg(origin, ',' ORDER BY id DESC) || '!' FROM flights"
            + " WHERE day BETWEEN '2026-01-02'::date AND CURRENT_DATE + 9999 ~ SFO,JFK!",
        "SELECT id FROM flights WHERE (origin, id) IN (('JFK', 1)) AND 'a' = ANY (tags) ~ 1",
        "SELECT random() < 1, gen_random_uuid() IS NOT NULL, clock_timestamp() > now(),"
            + " pg_table_size('flights') > 0, pg_sleep(0) IS NULL ~ t|t|t|t|f",
        "SELECT count(*) FROM flights TABLESAMPLE SYSTEM (100) ~ 3"
      })
  void anHonestQueryRuns(String sql, String rows) throws Exception {
    SqlRequest request = SqlRequest.of(sql, Map.of(), names);

    assertThat(String.join(",", run(request))).isEqualTo(rows == null ? "" : rows);
  }

  @Test
  void aQueryWithCommentsRuns() throws Exception {
    String sql = "SELECT /* /* nested */ ' */ id -- '\n FROM flights WHERE id = 1 -- ;";

    assertThat(run(SqlRequest.of(sql, Map.of(), names))).containsExactly("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "SELECT id FROM flights WHERE origin = :a AND :a <> '' ORDER BY id ~ JFK ~ 1,2",
        "SELECT id FROM flights WHERE origin = :a ~ ' OR true -- ~",
        "SELECT id FROM flights WHERE day = :a::date ORDER BY id ~ 2026-01-02 ~ 2,3",
        "SELECT id FROM flights WHERE day = :a AND id < 3 ~ 2026-01-02 ~ 2",
        "SELECT id FROM flights WHERE id = :a ~ 3 ~ 3",
        "SELECT id FROM flights WHERE id = ANY (:a) ORDER BY id ~ {1,3} ~ 1,3",
        "SELECT id FROM flights ORDER BY id LIMIT :a::int ~ 1 ~ 1",
        "SELECT id FROM flights ORDER BY id LIMIT :a ~ 1 ~ 1",
        "SELECT tags[:a::int], tags[1: :a::int] FROM flights WHERE id = 1 ~ 2 ~ b|{a,b}",
        "SELECT doc->>:a FROM flights WHERE id = 1 ~ gate ~ B7",
        "SELECT ARRAY[:a,:a] ~ x ~ {x,x}",
        "SELECT date_trunc(:a, day)::date, count(*) FROM flights GROUP BY date_trunc(:a, day)"
            + " ~ month ~ 2026-01-01|3",
        "SELECT:a ~ x ~ x"
      })
  void aParameterHasTheTypeThatItsPlaceExpects(String sql, String value, String rows)
      throws Exception {
    SqlRequest request = SqlRequest.of(sql, Map.of("a", value), names);

    assertThat(String.join(",", run(request))).isEqualTo(rows == null ? "" : rows);
  }

  @Test
  void everyVolatileFunctionOfTheServerIsRefusedButTheHarmlessOnes() {
    List<String> allowed = volatileFunctions.stream().filter(this::mayBeCalled).sorted().toList();

    assertThat(volatileFunctions).contains("pg_notify", "set_config", "dblink", "Remove");
    assertThat(allowed)
        .containsExactly(
            "array_sample",
            "array_shuffle",
            "bernoulli",
            "clock_timestamp",
            "gen_random_uuid",
            "pg_database_size",
            "pg_indexes_size",
            "pg_is_in_recovery",
            "pg_relation_size",
            "pg_sleep",
            "pg_sleep_for",
            "pg_sleep_until",
            "pg_table_size",
            "pg_total_relation_size",
            "random",
            "random_normal",
            "system",
            "timeofday",
            "uuidv4",
            "uuidv7");
  }

  @Test
  void noOtherFunctionOfTheServerTurnsSqlIntoXml() {
    assertThat(DATABASE.rows("SELECT DISTINCT proname FROM pg_proc WHERE proname ~ '_to_xml'"))
        .hasSizeGreaterThan(10)
        .noneMatch(this::mayBeCalled);
  }

  /** Attribute notation, operators and casts call without a parenthesis. */
  @Test
  void postgresItselfHasNoVolatileFunctionThatWorksWithoutParenthesis() {
    assertThat(
            DATABASE.rows(
                """
                SELECT p.oid::regprocedure FROM pg_proc p
                WHERE p.provolatile = 'v' AND p.pronamespace = 'pg_catalog'::regnamespace
                  AND (p.oid IN (SELECT oprcode FROM pg_operator)
                    OR p.oid IN (SELECT castfunc FROM pg_cast)
                    OR p.oid IN (SELECT typinput FROM pg_type)
                    OR EXISTS (SELECT FROM pg_type t WHERE t.oid = p.proargtypes[0]
                      AND (t.typtype = 'c' OR t.typname IN ('any', 'record', 'anyelement'))))
                """))
        .as("a single row is not the list of names and values that these two want")
        .containsExactlyInAnyOrder(
            "pg_restore_relation_stats(\"any\")", "pg_restore_attribute_stats(\"any\")");
  }

  private boolean mayBeCalled(String name) {
    String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
    try {
      SqlRequest.of("SELECT " + quoted + "()", Map.of(), names);
      return true;
    } catch (SqlRefused refused) {
      return false;
    }
  }

  /** PREPARE and EXECUTE, because JDBC would take the operator {@code ?} for a parameter. */
  private static List<String> run(SqlRequest request) throws SQLException {
    String url = "jdbc:postgresql://" + DATABASE.url().host() + ":" + DATABASE.url().port();
    try (Connection connection =
            DriverManager.getConnection(url + "/" + DATABASE.url().database(), READER, "reader");
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute("BEGIN READ ONLY");
      statement.execute("PREPARE request AS " + request.untyped());
      String values =
          request.values().stream()
              .map(value -> "'" + value.replace("'", "''") + "'")
              .reduce((left, right) -> left + ", " + right)
              .map(list -> "(" + list + ")")
              .orElse("");
      try (ResultSet result = statement.executeQuery("EXECUTE request" + values)) {
        return rows(result);
      }
    }
  }

  private static List<String> rows(ResultSet result) throws SQLException {
    List<String> rows = new ArrayList<>();
    int columns = result.getMetaData().getColumnCount();
    while (result.next()) {
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        String value = result.getString(i);
        values.add(value == null ? "" : value);
      }
      rows.add(String.join("|", values));
    }
    return rows;
  }
}
