package dev.escala.serve.relation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import dev.escala.catalog.Relationships;
import dev.escala.catalog.SqlNames;
import dev.escala.http.JsonText;
import dev.escala.model.Suggestion;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.query.ReadPlanner;
import dev.escala.query.ReadRequest;
import dev.escala.query.RequestParser;
import dev.escala.query.SqlRefused;
import dev.escala.query.SqlRequest;
import dev.escala.query.ValueForm;
import dev.escala.serve.rows.Negotiation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each place on an event loop where text of a client meets an algorithm, with the worst text for
 * it. What is linear takes a fraction of a second for these lengths, which are sixteen times what a
 * client may send; what is quadratic takes minutes. Only the time can show it.
 */
@Isolated("only the time can show it")
class WorstTextTest {
  private static final Duration MINUTES_ARE_TOO_LONG = Duration.ofSeconds(30);
  private static final int LENGTH = 1 << 20;

  private static final RelationColumn COLUMN =
      new RelationColumn("a", "text", "text", OutputKind.TEXT, true, null);
  private static final Relation RELATION =
      new Relation(
          "public",
          "t",
          RelationKind.TABLE,
          columns(),
          List.of(),
          List.of(Set.of("c1")),
          Map.of(),
          null);

  private static final DatabaseCatalog CATALOG =
      DatabaseCatalog.of(
          List.of("public"), List.of(RELATION), Relationships.NONE, List.of(), SqlNames.NONE, null);

  private static Map<String, RelationColumn> columns() {
    Map<String, RelationColumn> columns = new LinkedHashMap<>();
    columns.put("a", COLUMN);
    for (int i = 0; i < 1000; i++) {
      String name = "c" + i;
      columns.put(name, new RelationColumn(name, "text", "text", OutputKind.TEXT, true, null));
    }
    return columns;
  }

  private static String repeated(String text) {
    return text.repeat(LENGTH / text.length());
  }

  /** Whether it is refused or becomes SQL: it ends. */
  private static void read(String query) {
    try {
      ReadRequest request = RequestParser.parse(QueryString.parse(query));
      ReadPlanner planner = new ReadPlanner(CATALOG, RELATION, request);
      assertThat(planner.mostRows()).isPositive();
      assertThat(planner.rows(ValueForm.JSON).text()).isNotEmpty();
    } catch (QueryRefused refused) {
      assertThat(refused.message()).isNotEmpty();
    }
  }

  private static void ask(String sql) {
    try {
      assertThat(SqlRequest.of(sql, Map.of("a", "1"), SqlNames.NONE).untyped()).isNotEmpty();
    } catch (SqlRefused refused) {
      assertThat(refused.message()).isNotEmpty();
    }
  }

  private static Stream<Named<Runnable>> reads() {
    return Stream.of(
            "&".repeat(8 * LENGTH),
            repeated("a&"),
            repeated("a=eq.1&"),
            "a=" + repeated("%41"),
            repeated("limit=1&"),
            "or=(" + repeated("a.eq.{,") + "a.eq.1)",
            "or=(" + repeated("a.eq.{,") + "a.eq.1})",
            "or=" + repeated("(").substring(4),
            "and=(" + repeated("a.eq.\"\\\"\",") + "a.eq.1)",
            "a=in.(" + repeated("1,") + "1)",
            "a=in.(" + repeated("\"1\",") + "1)",
            "a=" + repeated("eq"),
            "a=fts(" + repeated("e") + ").x",
            "select=" + repeated("a,") + "a",
            "select=" + repeated("*,") + "a",
            "select=a" + repeated("->1"),
            "select=a" + repeated("->12345678901"),
            "select=a" + repeated("->a-"),
            "select=" + repeated("a("),
            "select=" + repeated("a-"),
            "select=\"" + repeated("\\\\"),
            "order=" + repeated("a.desc,") + "a",
            repeated("a"),
            repeated("a") + "=eq.1")
        .map(query -> Named.of(shown(query), () -> read(query)));
  }

  private static Stream<Named<Runnable>> statements() {
    return Stream.of(
            "select " + repeated("("),
            "select " + repeated("(") + repeated(")"),
            "select " + repeated("[:"),
            "select " + repeated("/*"),
            "select /*" + repeated("/**/"),
            "select '" + repeated("''"),
            "select " + repeated("''"),
            "select e'" + repeated("\\'"),
            "select " + repeated("$"),
            "select " + repeated("$$$$ "),
            "select $a$" + repeated("$a"),
            "select " + repeated("$a$ $b$"),
            "select " + repeated("--\n"),
            "select " + repeated("+-"),
            "select " + repeated("1."),
            "select " + repeated(":a "),
            "select " + repeated(":b "),
            "select " + repeated("a"),
            "select " + repeated("a("),
            "select " + repeated("into "),
            repeated(" "),
            repeated(";"),
            repeated("("),
            "select " + repeated("\"\""))
        .map(sql -> Named.of(shown(sql), () -> ask(sql)));
  }

  private static Stream<Named<Runnable>> others() {
    List<String> names = IntStream.range(0, 20_000).mapToObj(i -> "table" + i).toList();
    return Stream.of(
        Named.of(
            "a wrong name", () -> assertThat(Suggestion.nearest(repeated("t"), names)).isEmpty()),
        Named.of("Accept", () -> assertThat(Negotiation.of(repeated("a;q=1,"))).isEmpty()),
        Named.of(
            "Accept without commas", () -> assertThat(Negotiation.of(repeated("a;"))).isEmpty()),
        Named.of("Accept with blanks", () -> assertThat(Negotiation.of(repeated(" "))).isPresent()),
        Named.of(
            "Prefer",
            () -> assertThat(Preferences.parse(List.of(repeated("a,"))).unknown()).isNotEmpty()),
        Named.of(
            "Prefer with blanks",
            () -> assertThat(Preferences.parse(List.of(repeated(" ,"))).unknown()).isEmpty()),
        Named.of(
            "lone surrogates", () -> assertThat(JsonText.of(repeated("\ud800"))).isNotEmpty()));
  }

  private static String shown(String text) {
    return "\"" + text.substring(0, Math.min(30, text.length())) + "…\"";
  }

  @ParameterizedTest
  @MethodSource({"reads", "statements", "others"})
  void takesNoMoreThanItsLength(Runnable work) {
    assertTimeoutPreemptively(MINUTES_ARE_TOO_LONG, work::run);
  }

  @Test
  void starsAreNoMultipleOfTheColumns() {
    assertThatThrownBy(
            () ->
                new ReadPlanner(
                        CATALOG, RELATION, RequestParser.parse(QueryString.parse("select=*,*")))
                    .rows(ValueForm.JSON))
        .isInstanceOfSatisfying(
            QueryRefused.class, refused -> assertThat(refused.code()).isEqualTo("54011"));
  }
}
