package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values in CSV are those that PostgreSQL prints, in fields of RFC 4180. */
@Tag("integration")
class CsvValuesTest {
  private static final List<String> CSV = List.of("Accept", "text/csv");
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TYPE mood AS ENUM ('sad', 'so, so');
        CREATE DOMAIN yes AS boolean;
        CREATE TYPE pair AS (a int, b text);
        CREATE TABLE v (id int PRIMARY KEY, flag boolean, yes yes, host inet, net cidr, doc xml, fixed char(4),
          one "char", flags boolean[], hosts inet[], mood mood, pair pair, span int4range,
          octets bytea, took interval, at timestamptz, amount numeric, real float8, tree jsonb);
        INSERT INTO v VALUES
          (1, true, false, '10.0.0.1', '10.0.0.0/8', '<?xml version="1.0" encoding="UTF-8"?><a>x</a>',
           'ab', 'c', '{t,f}', '{10.0.0.1}', 'so, so', '(1,"x ""y\""")', '[1,5)', '\\x00ff',
           '1 day 2 hours', '2026-01-01 10:00Z', 1.50, 'NaN', '{"a": 1}'),
          (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           NULL, NULL, NULL, NULL),
          (3, false, true, '::1', '::/0', '', '', '', '{}', '{}', 'sad', '(,)', 'empty', '', '0',
           'infinity', 0, '-Infinity', 'null')\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  /** What PostgreSQL sends to a client that asks for text, as a field. */
  private static String printed(String column, int id) {
    String copied =
        database
            .rows(
                "SELECT coalesce(%1$s IS NULL, true) FROM v WHERE id = %2$d".formatted(column, id))
            .getFirst();
    if (copied.equals("t") && !column.equals("pair")) {
      return "";
    }
    String value =
        database.rows("SELECT concat(%s) FROM v WHERE id = %d".formatted(column, id)).getFirst();
    return value.isEmpty() || value.matches("(?s).*[\",\r\n].*")
        ? "\"" + value.replace("\"", "\"\"") + "\""
        : value;
  }

  @ParameterizedTest
  @CsvSource({
    "flag", "yes", "host", "net", "doc", "one", "flags", "hosts", "mood", "span", "octets", "took",
    "amount", "real", "tree", "fixed"
  })
  void aFieldIsWhatPostgresPrints(String column) {
    String query = "/db/v?order=id&select=" + column;
    assertThat(served.get(query, CSV.getFirst(), CSV.getLast()).body())
        .isEqualTo(
            "%s\r\n%s\r\n%s\r\n%s\r\n"
                .formatted(column, printed(column, 1), printed(column, 2), printed(column, 3)));
  }

  @Test
  void theWordsOfSomeTypes() {
    String query = "/db/v?order=id&select=flag,yes,host,doc,pair,flags";
    assertThat(served.get(query, CSV.getFirst(), CSV.getLast()).body())
        .isEqualTo(
            "flag,yes,host,doc,pair,flags\r\n"
                + "t,f,10.0.0.1,<a>x</a>,"
                + "\"(1,\"\"x \"\"\"\"y\"\"\"\"\"\")\",\"{t,f}\"\r\n"
                + ",,,,,\r\n"
                + "f,t,::1,\"\",\"(,)\",{}\r\n");
  }

  /** A cast to text is asked for, and has the words of that cast. */
  @Test
  void aCastToTextIsACast() {
    assertThat(
            served.get("/db/v?id=eq.1&select=flag::text,host::text", "Accept", "text/csv").body())
        .isEqualTo("flag,host\r\ntrue,10.0.0.1/32\r\n");
  }

  @Test
  void aStreamPrintsTheSame() {
    database.execute(
        "CREATE TABLE many AS SELECT i AS id, i % 2 = 0 AS even FROM generate_series(1, 2000) i");
    dev.escala.testing.Eventually.eventually(
        "it is known", () -> served.get("/db/many?limit=1").statusCode() == 200);
    assertThat(served.get("/db/many?select=even&order=id&format=csv").body().lines().limit(3))
        .containsExactly("even", "f", "t");
  }
}
