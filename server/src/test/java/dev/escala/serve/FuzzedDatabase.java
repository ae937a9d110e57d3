package dev.escala.serve;

import dev.escala.catalog.RelationName;
import dev.escala.config.DatabaseUrl;
import dev.escala.http.Exchange;
import dev.escala.model.Caller;
import dev.escala.model.Rights;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.DialectSettings;
import dev.escala.serve.database.PoolSettings;
import dev.escala.serve.database.SqlSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Relations, functions and roles for {@link FuzzedQueries}, served to callers of any role. */
final class FuzzedDatabase implements AutoCloseable {
  private static final String LOGIN = "fuzz_login";

  private static final String TABLES =
      """
      CREATE TABLE places (code text PRIMARY KEY, name text, near text REFERENCES places);
      INSERT INTO places VALUES ('LAX', 'Los Angeles', NULL), ('SFO', 'San Francisco', 'LAX'),
        ('LIM', 'Lima', NULL);
      CREATE TABLE trips (id int PRIMARY KEY, origin text REFERENCES places,
        destination text REFERENCES places, sample_id int REFERENCES sample, delay int,
        at timestamptz, "odd ""name" text);
      INSERT INTO trips SELECT i, (ARRAY['LAX', 'SFO', 'LIM'])[i % 3 + 1], 'LIM', i, i % 40 - 5,
        '2026-01-01Z'::timestamptz + i * interval '1 hour', 'x' FROM generate_series(1, 60) i;
      CREATE TABLE labels (id int PRIMARY KEY, label text);
      INSERT INTO labels VALUES (1, 'early'), (2, 'late');
      CREATE TABLE trip_labels (trip_id int REFERENCES trips, label_id int REFERENCES labels,
        PRIMARY KEY (trip_id, label_id));
      INSERT INTO trip_labels SELECT i, i % 2 + 1 FROM generate_series(1, 60) i;
      CREATE VIEW late AS SELECT * FROM trips WHERE delay > 10;
      CREATE VIEW settings AS SELECT current_setting('TimeZone') AS zone,
        current_user::text AS role, current_setting('search_path') AS path,
        current_setting('request.jwt.claims', true) AS claims,
        current_setting('application_name') AS application,
        current_setting('DateStyle') AS dates, current_setting('row_security') AS rows,
        current_setting('transaction_read_only') AS reads, current_setting('app.who', true) AS who;
      """;

  private static final String FUNCTIONS =
      """
      CREATE FUNCTION title(places) RETURNS text IMMUTABLE LANGUAGE sql AS $$SELECT 'The ' || $1.name$$;
      CREATE FUNCTION first_trip(places) RETURNS SETOF trips ROWS 1 STABLE LANGUAGE sql
        AS 'SELECT * FROM trips WHERE origin = $1.code ORDER BY id LIMIT 1';
      CREATE FUNCTION add(a int, b int DEFAULT 1) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a + b';
      CREATE FUNCTION late_trips(above int) RETURNS SETOF trips STABLE LANGUAGE sql
        AS 'SELECT * FROM trips WHERE delay >= above';
      CREATE FUNCTION numbers(most int) RETURNS SETOF int IMMUTABLE LANGUAGE sql
        AS 'SELECT generate_series(1, least(most, 5000))';
      CREATE FUNCTION total(VARIADIC n int[]) RETURNS bigint IMMUTABLE LANGUAGE sql
        AS 'SELECT sum(x) FROM unnest(n) x';
      CREATE FUNCTION echo(json) RETURNS json IMMUTABLE LANGUAGE sql AS 'SELECT $1';
      CREATE FUNCTION measured(text) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT length($1)';
      CREATE FUNCTION octets(bytea) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT length($1)';
      CREATE FUNCTION nothing() RETURNS void STABLE LANGUAGE sql AS 'SELECT NULL::void';
      CREATE FUNCTION untyped() RETURNS record STABLE LANGUAGE sql AS $$SELECT 1, 'x'::text$$;
      CREATE FUNCTION seen() RETURNS SETOF settings STABLE LANGUAGE sql AS 'SELECT * FROM settings';
      CREATE FUNCTION leaves(name text, value text) RETURNS text LANGUAGE sql
        AS 'SELECT set_config(name, value, false)';
      CREATE FUNCTION says() RETURNS text LANGUAGE sql
        AS $$SELECT set_config('response.headers', '[{"X-Said": "it"}]', false);
          SELECT set_config('response.status', '203', false)$$;
      CREATE DOMAIN "text/html" AS text; CREATE DOMAIN "application/octet-stream" AS bytea;
      CREATE FUNCTION page(title text) RETURNS "text/html" STABLE LANGUAGE sql AS $$SELECT '<h1>' || title$$;
      CREATE FUNCTION bytes_of(state bytea, next anyelement) RETURNS "application/octet-stream"
        IMMUTABLE LANGUAGE sql AS $$SELECT state || convert_to(next::text, 'UTF8')$$;
      CREATE AGGREGATE bytes_agg (anyelement)
        (INITCOND = '', STYPE = "application/octet-stream", SFUNC = bytes_of);
      CREATE FUNCTION before() RETURNS void LANGUAGE plpgsql AS $$DECLARE
          does text := current_setting('request.headers')::json ->> 'x-before';
        BEGIN
          PERFORM set_config('app.who', current_user, does IS NULL);
          IF does = 'turn' THEN PERFORM set_config('TimeZone', 'Asia/Tokyo', false); END IF;
          IF does = 'refuse' THEN RAISE SQLSTATE 'PT403' USING MESSAGE = 'no'; END IF;
          IF does = 'say' THEN PERFORM set_config('response.headers', '[{"X-Said": "it"}]', false); END IF;
        END$$;
      CREATE FUNCTION fails(state text) RETURNS int STABLE LANGUAGE plpgsql AS $$BEGIN
        IF state NOT IN ('P0001', 'PT402', '22023', 'PGRST') THEN RETURN 1; END IF;
        RAISE EXCEPTION USING ERRCODE = state, MESSAGE = '{"code": "x", "message": "y"}',
          DETAIL = '{"status": 402, "headers": {"X-Y": "z"}}'; END$$;
      """;

  private static final String GRANTS =
      """
      CREATE ROLE fuzz_one; CREATE ROLE fuzz_two;
      CREATE ROLE fuzz_login LOGIN PASSWORD 'secret' NOINHERIT;
      GRANT fuzz_one, fuzz_two TO fuzz_login;
      GRANT SELECT ON sample, places, trips, labels, trip_labels, late, settings
        TO fuzz_login, fuzz_one;
      GRANT SELECT ON sample, trips, settings TO fuzz_two;
      ALTER ROLE fuzz_one SET work_mem = '5MB';
      """;

  final Database database = PostgresServer.newDatabase();
  final DatabaseSettings settings;

  /** Without a function that is called before each read, and with one. */
  final List<ServedDatabase> servers;

  /**
   * With these rows.
   *
   * @param samples as a JSON array
   */
  FuzzedDatabase(String samples) {
    drop();
    database.execute(Sample.TABLE);
    database.execute(
        "INSERT INTO sample SELECT * FROM json_populate_recordset(null::sample, '%s')"
            .formatted(samples.replace("'", "''")));
    database.execute(TABLES + FUNCTIONS + GRANTS);
    DatabaseUrl url = database.url();
    settings =
        ServedDatabase.settings(
                url,
                Optional.of(ServedDatabase.login(url, LOGIN)),
                new SqlSettings(true, 100, 10_000, Duration.ofMillis(500), 10_000))
            .with(
                new DialectSettings(
                    List.of("public"), DialectSettings.ALL, Map.of(), List.of(), true));
    DialectSettings preceded = settings.dialect().calling(new RelationName("public", "before"));
    servers =
        Stream.of(settings, settings.with(preceded))
            .map(each -> ServedDatabase.startTrusting(each, FuzzedDatabase::caller))
            .toList();
  }

  /** A role or none, as a header says. */
  private static Caller caller(Exchange exchange) {
    String role = exchange.header("Role");
    return role == null || role.isBlank()
        ? Caller.ANYBODY
        : new Caller(Caller.Kind.KNOWN, role, claims(role), Rights.ALL);
  }

  static String claims(String role) {
    return "{\"sub\": \"" + role.hashCode() + "\"}";
  }

  /** Connections of the server that are open, of which there may be as many as are configured. */
  long connections(String state) {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'escala' AND %s\
        """
            .formatted(state));
  }

  /** Of both. Shared ones are of two kinds: for callers with a role, and for those without. */
  long mostConnections() {
    PoolSettings pools = settings.pools();
    long probe = 1;
    long catalog = 1;
    return 2 * (2 * pools.pipelined() + pools.streams() + pools.sql() + probe + catalog);
  }

  private void drop() {
    database.dropRoles(Stream.concat(Stream.of(LOGIN), DialectFuzz.ROLES.stream()).toList());
  }

  @Override
  public void close() {
    servers.forEach(ServedDatabase::close);
    drop();
  }
}
