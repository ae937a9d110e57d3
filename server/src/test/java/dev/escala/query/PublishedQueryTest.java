package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.catalog.Routine.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of published queries: their head, their parameters, and places in them. */
class PublishedQueryTest {
  private static final String FILE =
      """
      -- Delays by carrier on one day.
      -- Of those with flights enough.
      -- :day date                    The day of departure
      -- :least integer = 10          Fewest flights that count
      -- :name character varying = 'it''s  mine'
      -- :zone text = null	Where it is
      /* a licence :nothing */
      SELECT carrier, count(*) -- of all :kinds
      FROM flights WHERE day = :day::date AND name = :name AND (:zone = '' OR tags[1:2] IS NULL)
      GROUP BY carrier HAVING count(*) >= :least; -- the end
      """;

  @Test
  void theHeadDeclaresParametersAndDescribes() throws SqlRefused {
    QueryHead head = PublishedQuery.parse("delays", FILE).head();
    assertThat(head.comment())
        .isEqualTo("Delays by carrier on one day.\nOf those with flights enough.");
    assertThat(head.parameters())
        .extracting(QueryHead.Declared::parameter)
        .containsExactly(
            new Parameter("day", "date", false, false, null, "The day of departure"),
            new Parameter("least", "integer", true, false, "10", "Fewest flights that count"),
            new Parameter("name", "character varying", true, false, "it's  mine", null),
            new Parameter("zone", "text", true, false, null, "Where it is"));
    assertThat(head.parameters()).extracting(QueryHead.Declared::line).containsExactly(3, 4, 5, 6);
  }

  @Test
  void theTextIsTheStatementAlone() throws SqlRefused {
    PublishedQuery query = PublishedQuery.parse("delays", FILE);
    assertThat(query.text().parameters()).containsExactly("day", "name", "zone", "least");
    assertThat(query.text().with(name -> "<" + name + ">"))
        .startsWith("SELECT carrier, count(*) -- of all :kinds\nFROM")
        .contains("day =  <day>::date AND name =  <name>", "tags[1:2]")
        .endsWith(">=  <least>");
  }

  @Test
  void placesAreThoseOfTheFile() throws SqlRefused {
    String file = "-- :a text\n\nSELECT '😀', :a,\n  b, :a, c";
    PublishedQuery query = PublishedQuery.parse("q", file);
    String sent = query.text().with(name -> "CAST(NULL AS text)");
    assertThat(place(query, sent, "SELECT")).isEqualTo("3:1");
    assertThat(place(query, sent, "b")).isEqualTo("4:3");
    assertThat(place(query, sent, "c")).isEqualTo("4:10");
    assertThat(place(query, sent, "CAST(")).isEqualTo("4:6");
    assertThat(query.place(9_999, name -> "CAST(NULL AS text)")).isEqualTo("4:11");
    assertThat(query.place(-3, name -> "x")).isEqualTo("3:1");
  }

  private static String place(PublishedQuery query, String sent, String what) {
    int position = sent.codePointCount(0, sent.lastIndexOf(what)) + 1;
    return query.place(position, name -> "CAST(NULL AS text)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT :day                                  | The parameter :day has no type.
          -- :day date#SELECT 1                        | Line 1 declares :day, which the query does not use; it uses none.
          -- :dya date#SELECT :day                     | The parameter :day has no type.
          -- x#-- :a int#-- :a text#SELECT :a          | Line 3 declares :a again.
          -- :a#SELECT :a                              | Line 1 declares no parameter: :a
          -- :limit int#SELECT :limit                  | Line 1: a parameter cannot be called limit
          SELECT 1; SELECT 2                           | more than one statement
          DELETE FROM flights                          | The SQL starts with DELETE
          -- nothing                                   | The SQL is empty.
          SELECT 1) AS q; --                           | A ) closes nothing.
          SELECT $1                                    | Numbered parameters
          SELECT 'x                                    | is not closed
          """)
  void whatIsNoQueryIsRefused(String file, String message) {
    assertThatThrownBy(() -> PublishedQuery.parse("q", file.replace('#', '\n')))
        .isInstanceOf(SqlRefused.class)
        .hasMessageContaining(message);
  }
}
