package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Domains with casts that say how their values are shown and taken. */
@Tag("integration")
class RepresentationTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE DOMAIN color AS integer CHECK (VALUE >= 0 AND VALUE <= 16777215);
        CREATE FUNCTION color_json(color) RETURNS json IMMUTABLE LANGUAGE sql
          AS $$SELECT to_json('#' || lpad(upper(to_hex($1)), 6, '0'))$$;
        CREATE FUNCTION color(text) RETURNS color IMMUTABLE LANGUAGE sql
          AS $$SELECT ('x' || lpad(substring($1 FROM 2), 8, '0'))::bit(32)::int$$;
        CREATE CAST (color AS json) WITH FUNCTION color_json(color) AS IMPLICIT;
        CREATE CAST (text AS color) WITH FUNCTION color(text) AS IMPLICIT;
        CREATE DOMAIN plain AS integer;
        CREATE TABLE carriers (code text PRIMARY KEY, shown color, other plain);
        CREATE TABLE flights (id int PRIMARY KEY, carrier text REFERENCES carriers);
        INSERT INTO carriers VALUES ('IB', 13577497, 1), ('LH', 255, 2), ('XX', NULL, NULL);
        INSERT INTO flights VALUES (1, 'IB')\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          carriers?code=eq.IB                                      | [{"code":"IB","shown":"#CF2D19","other":1}]
          carriers?code=eq.XX&select=shown                         | [{"shown":null}]
          carriers?shown=eq.%230000FF&select=code                  | [{"code":"LH"}]
          carriers?shown=in.(%230000FF,%23CF2D19)&select=code&order=code | [{"code":"IB"},{"code":"LH"}]
          carriers?shown=gt.%230000FF&select=code                  | [{"code":"IB"}]
          carriers?or=(shown.eq.%230000FF,code.eq.XX)&select=code&order=code | [{"code":"LH"},{"code":"XX"}]
          carriers?code=eq.IB&select=shown::int                    | [{"shown":13577497}]
          carriers?code=eq.IB&select=hue:shown                     | [{"hue":"#CF2D19"}]
          flights?select=id,carriers(shown)                        | [{"id":1,"carriers":{"shown":"#CF2D19"}}]
          flights?select=id,...carriers(shown)                     | [{"id":1,"shown":"#CF2D19"}]
          """)
  void showsAndTakesValuesAsTheDomainSays(String request, String expected) {
    assertThat(served.get("/db/" + request).body().replaceAll(",\\s+", ",")).isEqualTo(expected);
  }
}
