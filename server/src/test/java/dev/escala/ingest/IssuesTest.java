package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.testing.Messages;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code issues}: rows tell what was done to their values so that they could be stored. */
@Tag("integration")
class IssuesTest extends PipelineRun {
  private static final String[] LENIENT = {
    "key: $.id", "issues: true", "coerce: lenient", "nul: strip", "non-finite: omit"
  };
  private static final String COLUMNS =
      "columns: [{name: id, type: text}, {name: delay, type: bigint},"
          + " {name: at, type: timestamptz}, {name: note, type: text}]";

  private static Message flight(String id, String rest) {
    return Messages.of("m-" + id, "{\"id\":\"%s\"%s}".formatted(id, rest));
  }

  private static String[] with(String... more) {
    List<String> all = new ArrayList<>(List.of(LENIENT));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Each row's entries as {@code column issue}, by id. */
  private List<String> issues() {
    return database.rows(
        """
        SELECT id || coalesce((SELECT string_agg(
            ' ' || (i->>'column') || ' ' || (i->>'issue'), ',' ORDER BY n)
          FROM jsonb_array_elements(_issues) WITH ORDINALITY AS e(i, n)), '')
        FROM flights ORDER BY id\
        """);
  }

  @Test
  void ofDeclaredColumns() {
    write(
        pipeline(with(COLUMNS)),
        flight("a", ",\"delay\":5"),
        flight("b", ",\"delay\":\"5\",\"at\":\"2026-01-31T12:00:00.1234567Z\""),
        flight("c", ",\"note\":\"a\\u0000b\",\"delay\":NaN"));
    assertThat(issues())
        .containsExactly("a", "b delay coerced, at rounded", "c note cleaned, delay omitted");
    assertThat(database.rows("SELECT id FROM flights WHERE _issues IS NULL")).containsExactly("a");
    assertThat(
            database.rows(
                "SELECT id FROM flights WHERE _issues @> '[{\"column\": \"delay\", \"issue\":"
                    + " \"coerced\"}]'"))
        .containsExactly("b");
  }

  /**
   * The message that makes the column wider fits it; those that would have fitted before do not.
   */
  @Test
  void ofInferredColumns() {
    Pipeline pipeline = pipeline("key: $.id", "issues: true");
    write(pipeline, flight("a", ",\"gate\":1"));
    write(pipeline, flight("b", ",\"gate\":\"B1\""));
    write(pipeline, flight("c", ",\"gate\":2"), flight("d", ",\"gate\":\"B2\""));
    assertThat(issues()).containsExactly("a", "b", "c gate widened", "d");
    assertThat(database.rows("SELECT gate FROM flights ORDER BY id"))
        .containsExactly("1", "B1", "2", "B2");
  }

  @Test
  void aTableThatIsThereGetsTheColumn() {
    write(pipeline("key: $.id"), flight("a", ",\"delay\":1"));
    write(pipeline(LENIENT), flight("b", ",\"delay\":\"2\""), flight("c", ",\"delay\":3"));
    assertThat(issues()).containsExactly("a", "b delay coerced", "c");
    write(pipeline("key: $.id", "coerce: lenient"), flight("d", ",\"delay\":\"4\""));
    assertThat(issues()).as("not asked for any more").contains("d");
  }

  @Test
  void aTableOfSomebodyElseGetsTheColumn() {
    database.execute("CREATE TABLE flights (id text PRIMARY KEY, delay smallint, price real)");
    write(pipeline(LENIENT), flight("a", ",\"delay\":\"2\",\"price\":16777217"));
    assertThat(issues()).containsExactly("a delay coerced, price rounded");
  }

  @Test
  void aColumnOfThatNameOfAnotherTypeIsNamed() {
    database.execute("CREATE TABLE flights (id text PRIMARY KEY, _issues text)");
    assertThat(failure(pipeline(LENIENT), flight("a", "")).detail())
        .contains("column _issues of db.public.flights is text", "must be jsonb");
  }

  /** By a transaction of its own for rows of which some are refused, and by halves. */
  @Test
  void alsoWhereNeighboursAreRefused() {
    database.execute("CREATE TABLE flights (id text PRIMARY KEY, delay bigint CHECK (delay > 0))");
    List<Outcome> outcomes =
        write(
            pipeline(LENIENT),
            flight("a", ",\"delay\":\"1\""),
            flight("b", ",\"delay\":\"-1\""),
            flight("c", ",\"delay\":{}"),
            flight("d", ",\"delay\":2"),
            flight("e", ",\"delay\":\"3\""));
    assertThat(stored(outcomes)).isEqualTo(3);
    assertThat(issues()).containsExactly("a delay coerced", "d", "e delay coerced");
  }

  @Test
  void aLaterVersionBringsItsOwn() {
    Pipeline pipeline = pipeline(with("dedup: latest", "time: $.at", COLUMNS));
    write(pipeline, flight("a", version(1, "\"5\"")), flight("b", version(1, "5")));
    assertThat(issues()).containsExactly("a delay coerced", "b");
    write(pipeline, flight("a", version(2, "6")), flight("b", version(2, "\"6\"")));
    assertThat(issues()).containsExactly("a", "b delay coerced");
    assertThat(write(pipeline, flight("b", version(2, "6"))))
        .as("at the same time, with the same values")
        .containsExactly(Outcome.DUPLICATE);
    assertThat(issues()).containsExactly("a", "b delay coerced");
  }

  private static String version(int second, String delay) {
    return ",\"at\":\"2026-01-31T12:00:0%dZ\",\"delay\":%s".formatted(second, delay);
  }

  @Test
  void fieldsThatAreKeptInExtraAreTold() {
    write(
        pipeline(with(COLUMNS, "unknown-fields: keep")),
        flight("a", ",\"x\":NaN,\"y\":\"\\u0000\""));
    assertThat(database.rows("SELECT _extra::text FROM flights"))
        .containsExactly("{\"x\": null, \"y\": \"\"}");
    assertThat(issues()).containsExactly("a _extra omitted, _extra cleaned");
  }

  @Test
  void aFieldOfThatNameHasAnotherColumn() {
    write(pipeline(LENIENT), flight("a", ",\"_issues\":\"mine\",\"delay\":1"));
    assertThat(issues()).containsExactly("a");
    assertThat(database.rows("SELECT payload_issues FROM flights")).containsExactly("mine");
  }
}
