package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation;
import dev.escala.serve.database.SqlSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("integration")
class SqlApiTest {
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static final SqlSettings SQL = ServedDatabase.SQL;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    DATABASE.execute(
        """
        CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE ROLE sql_reader LOGIN PASSWORD 'secret';
        CREATE TABLE flights (id bigint PRIMARY KEY, origin text, at timestamptz, data jsonb);
        INSERT INTO flights
          SELECT i, 'o' || i, '2024-01-01 00:00+00', jsonb_build_object('n', i)
          FROM generate_series(1, 1000) i;
        CREATE TABLE effects (what text);
        GRANT SELECT ON flights, effects TO sql_reader;
        CREATE TABLE codes (code char(3), mask bit(3), mood mood);
        INSERT INTO codes VALUES ('abc', B'101', 'glad');
        GRANT SELECT ON codes TO sql_reader;
        CREATE FUNCTION plain_effect() RETURNS int LANGUAGE sql AS
          'INSERT INTO effects VALUES (''plain'') RETURNING 1';
        CREATE FUNCTION of_row(f flights) RETURNS int LANGUAGE sql VOLATILE AS
          'INSERT INTO effects VALUES (''row'') RETURNING 1';
        CREATE FUNCTION broken() RETURNS int LANGUAGE plpgsql STABLE AS
          'BEGIN RAISE EXCEPTION ''damaged'' USING ERRCODE = ''XX000''; END';
        CREATE FUNCTION harmless(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT i + 1';
        """);
    served = ServedDatabase.startFor(DATABASE, "sql_reader", SQL);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @Test
  void rowsInAllFormats() {
    String sql =
        "select id, origin, at, data, 1.50 as n, array[1,2] as l from flights where id < 2";
    HttpResponse<String> json = served.sql(sql, "");
    assertThat(json.body())
        .isEqualTo(
            "[{\"id\":1,\"origin\":\"o1\",\"at\":\"2024-01-01T00:00:00+00:00\",\"data\":{\"n\": 1},"
                + "\"n\":1.50,\"l\":[1,2]}]");
    assertThat(json.statusCode()).isEqualTo(200);
    assertThat(json.headers().firstValue("Content-Range")).contains("0-0/*");
    assertThat(served.sql(sql, "&format=ndjson").body()).endsWith("\"l\":[1,2]}\n");
    assertThat(served.sql(sql, "&format=csv").body())
        .isEqualTo(
            "id,origin,at,data,n,l\r\n"
                + "1,o1,2024-01-01 00:00:00+00,\"{\"\"n\"\": 1}\",1.50,\"{1,2}\"\r\n");
    assertThat(served.sql(sql, "", "Accept", "text/csv").body()).startsWith("id,");
    assertThat(served.sql(sql, "&format=xml").body()).contains("ESC124");
  }

  @Test
  void theSqlMayStandInThePath() {
    assertThat(served.get("/db/q=select+1%2B1+as+a,'/x//y/'+as+b").body())
        .isEqualTo("[{\"a\":2,\"b\":\"/x//y/\"}]");
    assertThat(served.get("/db/q=select%20id%20from%20flights%20where%20id=:i&i=7").body())
        .isEqualTo("[{\"id\":7}]");
    assertThat(served.get("/db/q=select%204/2%20as%20two?format=ndjson").body())
        .isEqualTo("{\"two\":2}\n");
  }

  @Test
  void theIndexHasNoOtherParameters() {
    assertThat(served.get("/db?sql=select%201").body()).contains("ESC104", "'sql'", "?q=");
    assertThat(served.get("/db?Q=select%201").body()).contains("ESC104", "Is q meant?");
    assertThat(served.get("/db?q=select%201&q=select%202").body()).contains("ESC123", "once");
    assertThat(served.get("/db?q=select%20:a&a=1&a=2").body()).contains("ESC123", "once");
  }

  @Test
  void headIsGetWithoutBody() {
    HttpResponse<String> head = served.send("HEAD", "/db?q=select%201%20as%20a");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Range")).contains("0-0/*");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void parametersHaveTheTypeThatPostgresExpects() {
    assertThat(
            served
                .sql(
                    "select id, :o::text as o from flights where id = :id and origin = :o and"
                        + " at > :t and id = any(:ids)",
                    "&id=3&o=o3&t=2023-01-01&ids=%7B3,4%7D")
                .body())
        .isEqualTo("[{\"id\":3,\"o\":\"o3\"}]");
    assertThat(served.sql("select :v as v", "&v=%27;--").body()).isEqualTo("[{\"v\":\"';--\"}]");
    HttpResponse<String> wrong = served.sql("select 1 from flights where id = :id", "&id=x");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("22P02");
    assertThat(
            served
                .sql(
                    "select code, mood from codes where code = :c and mask = :m and mood = :x"
                        + " limit :n",
                    "&c=abc&m=101&x=glad&n=5")
                .body())
        .isEqualTo("[{\"code\":\"abc\",\"mood\":\"glad\"}]");
    assertThat(served.sql("select 1 where :a is null or :a = 'x'", "&a=x").body())
        .contains("42P08", ":name::text");
    assertThat(served.sql("select 1 as n where :a::text is null or :a = 'x'", "&a=x").body())
        .isEqualTo("[{\"n\":1}]");
    assertThat(served.sql("select :a", "").body()).contains("ESC123");
    assertThat(served.sql("select 1", "&a=1").body()).contains("ESC123");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "table flights limit 1",
        "values (1, 'a')",
        "with a as (select 1 as x) select * from a -- comment",
        "select id as a, id as a, id from flights limit 1",
        "select harmless(1), random() < 2 as r, now() is not null as n, pg_sleep(0)",
        "select from flights limit 1",
        "select pg_size_pretty(pg_database_size(current_database())) is not null as s",
        "(select 1) union all (select 2) order by 1;",
        "select null as n, 'x' as u, row(1, 2) as r",
      })
  void readingWorks(String sql) {
    HttpResponse<String> response = served.sql(sql, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @Test
  void whatIsCutOffSaysSo() {
    HttpResponse<String> rows = served.sql("select id from flights order by id", "");
    assertThat(rows.statusCode()).isEqualTo(206);
    assertThat(rows.headers().firstValue("Escala-Truncated")).contains("rows");
    assertThat(rows.headers().firstValue("Content-Range")).contains("0-99/*");
    assertThat(rows.body()).endsWith("{\"id\":100}]");
    HttpResponse<String> bytes =
        served.sql("select repeat('x', 4000) as x from flights", "&format=ndjson");
    assertThat(bytes.statusCode()).isEqualTo(206);
    assertThat(bytes.headers().firstValue("Escala-Truncated")).contains("bytes");
    assertThat(bytes.headers().firstValue("Content-Range")).contains("0-1/*");
    assertThat(bytes.body().lines()).hasSize(2);
    HttpResponse<String> huge =
        served.sql(
            "select string_agg(repeat('x', 1000), '') as x from generate_series(1, 5000)",
            "&format=csv");
    assertThat(huge.headers().firstValue("Escala-Truncated")).contains("bytes");
    assertThat(huge.body()).isEqualTo("x\r\n");
    assertThat(served.sql("select id from flights limit 100", "").statusCode()).isEqualTo(200);
  }

  @Test
  void whatCostsTooMuchIsRefused() {
    HttpResponse<String> response =
        served.sql("select count(*) from flights a, flights b, flights c", "");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("ESC121", "PostgreSQL estimates a cost of");
  }

  @Test
  void whatTakesTooLongIsStopped() {
    SqlSettings hasty = new SqlSettings(true, 100, 10_000, Duration.ofSeconds(1), 10_000);
    try (ServedDatabase server = ServedDatabase.startFor(DATABASE, "sql_reader", hasty)) {
      HttpResponse<String> response = server.sql("select pg_sleep(30)", "");
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("ESC125", "it may take 1 s");
    }
  }

  /** PostgreSQL repeats the value that is no number in its message. */
  @Test
  void anErrorAboutALargeValueIsShort() {
    HttpResponse<String> response =
        served.sql(
            "select string_agg(repeat('a', 1000), '')::int from generate_series(1, 20000)", "");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("22P02", "invalid input syntax for type integer");
    assertThat(response.body()).hasSizeLessThan(20_000);
    assertThat(served.sql("select 1 as a", "").body()).isEqualTo("[{\"a\":1}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into effects values ('x')",
        "update effects set what = 'x'",
        "delete from effects",
        "truncate effects",
        "create table x (a int)",
        "drop table effects",
        "with a as (insert into effects values ('x') returning *) select * from a",
        "with a as (delete from flights returning *) select count(*) from a",
        "select * into copied from flights",
        "select 1 into copied",
        "select * from flights for update",
        "select * from flights for share",
        "select 1; insert into effects values ('x')",
        "select 1) as q; insert into effects values ('x') --",
        "select 1); insert into effects values ('x'); select (1",
        "set statement_timeout = 0",
        "set local role postgres",
        "reset role",
        "reset all",
        "begin",
        "commit",
        "rollback",
        "select set_config('statement_timeout', '0', false)",
        "select pg_catalog.set_config('role', 'postgres', true)",
        "select \"set_config\"('role', 'postgres', true)",
        "select SET_CONFIG/**/('role', 'postgres', true)",
        "select U&\"set\\005fconfig\"('role', 'postgres', true)",
        "select pg_read_file('/etc/passwd')",
        "select pg_read_binary_file('/etc/passwd')",
        "select * from pg_ls_dir('/')",
        "select pg_stat_file('/etc/passwd')",
        "copy flights to '/tmp/x'",
        "copy flights to program 'id'",
        "select dblink('dbname=postgres', 'select 1')",
        "select pg_advisory_lock(1)",
        "select pg_try_advisory_lock(1)",
        "select pg_advisory_xact_lock(1)",
        "select query_to_xml('delete from effects', true, true, '')",
        "select query_to_xml('select plain_effect()', true, true, '')",
        "select cursor_to_xml('x', 1, true, true, '')",
        "select ts_stat('select plain_effect()::text::tsvector')",
        "select * from ts_stat('select plain_effect()::text::tsvector')",
        "select ts_rewrite('a'::tsquery, 'select plain_effect()::text::tsquery, ''b''::tsquery')",
        "select pg_notify('a', 'b')",
        "notify a",
        "listen a",
        "select pg_terminate_backend(pid) from pg_stat_activity",
        "select pg_cancel_backend(pid) from pg_stat_activity",
        "select pg_reload_conf()",
        "select lo_create(0)",
        "select lo_import('/etc/passwd')",
        "select lo_export(1, '/tmp/x')",
        "select lo_from_bytea(0, 'x')",
        "select nextval('s')",
        "select setval('s', 1)",
        "select plain_effect()",
        "select public.plain_effect()",
        "select (f).of_row from flights f",
        "select f.of_row from flights f",
        "select f.\"of_row\" from flights f",
        "select of_row(f) from flights f",
        "select (5::bigint).pg_advisory_lock",
        "select f.pg_advisory_lock from abs(5::bigint) f",
        "select xpath('//a', '<a/>')",
        "select ('((0,0),(1,1))'::text).polygon",
        "select * from plain_effect()",
        "select * from rows from (plain_effect(), generate_series(1, 2)) x",
        "select 1 where exists (select plain_effect())",
        "select 1 order by plain_effect()",
        "select 'a' || /* '\" $$ */ plain_effect()",
        "select $q$ $q$, plain_effect()",
        "select e'\\'', plain_effect() --'",
        "values (plain_effect())",
        "explain analyze select plain_effect()",
        "execute escala_sql",
        "prepare x as select 1",
        "deallocate all",
        "discard all",
        "do $$ begin perform plain_effect(); end $$",
        "call x()",
        "lock table flights",
        "vacuum",
        "fetch all from x",
        "declare c cursor for select 1",
        "select $1",
        "",
      })
  void everythingElseIsRefusedWithoutEffect(String sql) {
    HttpResponse<String> response = served.sql(sql, "");
    assertThat(response.statusCode()).as(response.body()).isBetween(400, 499);
    assertThat(response.body()).contains("\"message\":\"");
    assertThat(DATABASE.count("SELECT count(*) FROM effects")).isZero();
    assertThat(DATABASE.count("SELECT count(*) FROM flights")).isEqualTo(1000);
    assertThat(
            DATABASE.count(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                    + " (SELECT oid FROM pg_database WHERE datname = current_database())"))
        .isZero();
    assertThat(DATABASE.rows("SELECT to_regclass('copied')::text")).containsExactly("");
    // The connections of the pool are as they were.
    assertThat(
            served
                .sql(
                    "select current_user as u, current_setting('statement_timeout') as t,"
                        + " current_setting('transaction_read_only') as r",
                    "")
                .body())
        .isEqualTo("[{\"u\":\"sql_reader\",\"t\":\"61s\",\"r\":\"on\"}]");
  }

  @Test
  void aNewVolatileFunctionIsKnownSoon() {
    DATABASE.execute("CREATE FUNCTION fresh() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    eventually("it is refused", () -> served.sql("select fresh()", "").body().contains("ESC120"));
  }

  @Test
  void anInternalErrorIsTheFaultOfTheSqlButIsReported() {
    HttpResponse<String> response = served.sql("select broken()", "");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("XX000");
    assertThat(served.observer.all(Observation.RequestFailed.class)).isNotEmpty();
  }

  @Test
  void aClientThatGoesAwayCancelsItsSql() throws IOException {
    SqlSettings patient =
        new SqlSettings(true, SQL.maxRows(), SQL.maxBytes(), Duration.ofMinutes(1), SQL.maxCost());
    try (ServedDatabase patiently = ServedDatabase.startFor(DATABASE, "sql_reader", patient)) {
      try (Socket socket = new Socket("localhost", patiently.port())) {
        socket
            .getOutputStream()
            .write(
                "GET /db?q=select+pg_sleep(59) HTTP/1.1\r\nHost: x\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        eventually("it runs", () -> sleeping() == 1);
      }
      eventually("it runs no more", () -> sleeping() == 0);
      assertThat(patiently.sql("select 1 as a", "").body()).isEqualTo("[{\"a\":1}]");
    }
  }

  private static long sleeping() {
    return DATABASE.count(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE"
            + " '%pg_sleep(59)%' AND application_name = 'escala' AND datname = current_database()");
  }
}
