package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes out is, octet for octet, what {@code row_to_json} makes of the same row. */
@Tag("integration")
class JsonOfEachTypeTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  /** A type, and literals of it. */
  record Values(String type, List<String> literals) {
    String table() {
      return "t_" + type.replaceAll("[^a-z0-9]", "_");
    }
  }

  static List<Values> types() {
    return List.of(
        new Values("boolean", List.of("true", "false")),
        new Values("smallint", List.of("-32768", "0", "32767")),
        new Values("integer", List.of("-2147483648", "0", "9", "10", "99", "100", "2147483647")),
        new Values(
            "bigint",
            List.of("-9223372036854775808", "-1", "1000000000000000000", "9223372036854775807")),
        new Values(
            "real",
            List.of(
                "0",
                "-0",
                "1.5",
                "1e20",
                "1e-5",
                "3.4028235e38",
                "1e-45",
                "NaN",
                "Infinity",
                "-Infinity")),
        new Values(
            "double precision",
            List.of(
                "0",
                "0.1",
                "1e15",
                "1e16",
                "123456789.123",
                "5e-324",
                "1.7976931348623157e308",
                "NaN",
                "Infinity",
                "-Infinity")),
        new Values(
            "numeric",
            List.of(
                "0",
                "1.50",
                "-0.001",
                "123456789012345678901234567890.123456789",
                "NaN",
                "Infinity",
                "-Infinity",
                "1e30")),
        new Values("numeric(10,2)", List.of("1.5", "-7")),
        new Values(
            "text",
            List.of(
                "",
                "plain",
                "quote \" back \\ slash / ",
                "tab\t new\n cr\r bs\b ff\f",
                "\u0001\u001f\u007f\u0080\u2028",
                "ünïcode €",
                "emoji 😀 𝄞",
                "null",
                "<&>'")),
        new Values("varchar(10)", List.of("short", "é")),
        new Values("char(5)", List.of("ab", "")),
        new Values("name", List.of("pg_class")),
        new Values("\"char\"", List.of("x")),
        new Values(
            "uuid",
            List.of(
                "00000000-0000-0000-0000-000000000000",
                "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                "ffffffff-ffff-ffff-ffff-ffffffffffff")),
        new Values(
            "timestamptz",
            List.of(
                "2026-01-01T10:00:00Z",
                "2026-01-01T10:00:00.1+02",
                "1999-12-31 23:59:59.999999Z",
                "infinity",
                "-infinity",
                "0044-03-15 12:00:00Z BC",
                "0001-01-01 00:00Z BC",
                "12026-01-01Z",
                "0009-01-01Z")),
        new Values(
            "timestamp",
            List.of(
                "2026-01-01 10:00:00",
                "2026-01-01 10:00:00.000001",
                "infinity",
                "-infinity",
                "4713-01-01 00:00 BC",
                "294276-12-31 23:59:59.999999")),
        new Values(
            "date",
            List.of(
                "2026-02-28",
                "infinity",
                "-infinity",
                "0001-12-31 BC",
                "4713-01-01 BC",
                "20000-01-01")),
        new Values("time", List.of("00:00", "24:00", "12:34:56.789")),
        new Values("timetz", List.of("12:00+05:30", "24:00-12")),
        new Values("interval", List.of("1 year 2 mons 3 days 04:05:06.7", "-1 day", "0")),
        new Values("bytea", List.of("\\x00ff", "")),
        new Values("json", List.of("{ \"b\" : 1,  \"a\": [1, 2] }", "null", "\"x\"")),
        new Values("jsonb", List.of("{ \"b\" : 1,  \"a\": [1, 2.50] }", "null", "1e5")),
        new Values("text[]", List.of("{a,\"b,c\",NULL,\"q\\\"\"}", "{}", "{{a,b},{c,d}}")),
        new Values("bigint[]", List.of("{1,NULL,-3}")),
        new Values("timestamptz[]", List.of("{2026-01-01Z,infinity}")),
        new Values("float8[]", List.of("{1.5,NaN}")),
        new Values("boolean[]", List.of("{t,f}")),
        new Values("jsonb[]", List.of("{\"{\\\"a\\\": 1}\"}")),
        new Values("int4range", List.of("[1,5)", "empty", "(,3)")),
        new Values("int4multirange", List.of("{[1,3),[5,7)}")),
        new Values("tstzrange", List.of("[2026-01-01Z,2026-02-01Z)")),
        new Values("inet", List.of("10.0.0.1/8", "::1")),
        new Values("cidr", List.of("10.0.0.0/8")),
        new Values("macaddr", List.of("08:00:2b:01:02:03")),
        new Values("money", List.of("12.5")),
        new Values("bit(3)", List.of("101")),
        new Values("point", List.of("(1,2)")),
        new Values("xml", List.of("<a>1</a>")),
        new Values("tsvector", List.of("a:1 b:2")),
        new Values("oid", List.of("42")),
        new Values("regclass", List.of("pg_class")),
        new Values("pg_lsn", List.of("0/16B3748")),
        new Values("mood", List.of("glad", "very \"sad\"")),
        new Values("mood[]", List.of("{glad}")),
        new Values("positive", List.of("7")),
        new Values("small_positive", List.of("7")),
        new Values("moment", List.of("2026-01-01Z")),
        new Values("pair", List.of("(1,\"a b\")", "(,)")));
  }

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TYPE mood AS ENUM ('glad', 'very "sad"');
        CREATE DOMAIN positive AS bigint CHECK (value > 0);
        CREATE DOMAIN small_positive AS positive CHECK (value < 10);
        CREATE DOMAIN moment AS timestamptz;
        CREATE TYPE pair AS (n int, t text)\
        """);
    for (Values values : types()) {
      String rows =
          values.literals().stream()
              .map(literal -> "('" + literal.replace("'", "''") + "')")
              .collect(Collectors.joining(", "));
      database.execute(
          "CREATE TABLE %s (i serial, v %s); INSERT INTO %s (v) VALUES %s, (NULL)"
              .formatted(values.table(), values.type(), values.table(), rows));
    }
    database.execute(
        """
        CREATE ROLE types_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO types_reader\
        """);
    served =
        ServedDatabase.start(
            ServedDatabase.settings(
                database.url(),
                Optional.of(ServedDatabase.login(database.url(), "types_reader")),
                ServedDatabase.SQL));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @ParameterizedTest
  @MethodSource("types")
  void isTheJsonOfPostgres(Values values) {
    String expected =
        database
            .rows(
                "SELECT '[' || string_agg(row_to_json(t)::text, E',\\n' ORDER BY i) || ']' FROM %s t"
                    .formatted(values.table()))
            .getFirst();
    String path = "/db/" + values.table() + "?order=i";
    assertThat(served.get(path).body()).isEqualTo(expected);
    assertThat(served.get(path + "&limit=100").body()).isEqualTo(expected);
    assertThat(served.sql("SELECT * FROM " + values.table() + " ORDER BY i", "").body())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("types")
  void strippedIsTheStrippedJsonOfPostgres(Values values) {
    String expected =
        database
            .rows(
                """
                SELECT '[' || string_agg(json_strip_nulls(row_to_json(t))::text, E',\\n' ORDER BY i)
                  || ']' FROM %s t\
                """
                    .formatted(values.table()))
            .getFirst();
    String stripped = "application/vnd.pgrst.array+json;nulls=stripped";
    assertThat(served.get("/db/" + values.table() + "?order=i", "Accept", stripped).body())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("types")
  void eachValueFindsItsRow(Values values) {
    List<String> texts =
        database.rows("SELECT v::text FROM %s WHERE v IS NOT NULL".formatted(values.table()));
    List<String> comparable =
        database.rows(
            """
            SELECT 1 FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod AND m.amname = 'btree'
            WHERE opcintype = '%s'::regtype\
            """
                .formatted(values.type().replaceAll("\\(.*", "")));
    for (String text : comparable.isEmpty() ? List.<String>of() : texts) {
      assertThat(
              served
                  .get("/db/" + values.table() + "?select=i&v=eq." + ServedDatabase.encoded(text))
                  .body())
          .as(text)
          .startsWith("[{\"i\":");
    }
  }
}
