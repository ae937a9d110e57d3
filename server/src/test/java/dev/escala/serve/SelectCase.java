package dev.escala.serve;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/**
 * An item of {@code select}, and the value that it shows of a row.
 *
 * @param text without the alias
 */
record SelectCase(String text, String name, Function<Sample, @Nullable Object> value) {
  private static final List<SelectCase> COLUMNS =
      List.of(
          new SelectCase("id", "id", Sample::id),
          new SelectCase("n", "n", Sample::n),
          new SelectCase("amount", "amount", Sample::amount),
          new SelectCase("name", "name", Sample::name),
          new SelectCase("words", "words", Sample::words),
          new SelectCase("flag", "flag", Sample::flag),
          new SelectCase("day", "day", row -> text(row.day())),
          new SelectCase("tags", "tags", Sample::tags),
          new SelectCase("span", "span", row -> text(row.span())),
          new SelectCase("doc", "doc", Sample::doc));

  private static final List<SelectCase> OTHERS =
      List.of(
          new SelectCase("id::text", "id", row -> text(row.id())),
          new SelectCase("n::numeric", "n", Sample::n),
          new SelectCase("amount::text", "amount", row -> text(row.amount())),
          new SelectCase("flag::text", "flag", row -> text(row.flag())),
          new SelectCase(
              "day::timestamp", "day", row -> row.day() == null ? null : row.day() + "T00:00:00"),
          new SelectCase("doc->n", "n", row -> row.inDoc("n")),
          new SelectCase("doc->>k", "k", row -> row.inDoc("k")),
          new SelectCase("doc->\"it's\"->0", "it's", row -> first(row.inDoc("it's"))),
          new SelectCase("doc->>n::int", "n", row -> row.inDoc("n")),
          new SelectCase("tags->>0", "tags", row -> text(first(row.tags()))));

  static List<SelectCase> columns() {
    return COLUMNS;
  }

  static Arbitrary<SelectCase> any() {
    List<SelectCase> all = Stream.concat(COLUMNS.stream(), OTHERS.stream()).toList();
    return Arbitraries.of(all);
  }

  SelectCase as(String alias) {
    return new SelectCase(alias + ":" + text, alias, value);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : Objects.toString(value);
  }

  private static @Nullable Object first(@Nullable Object list) {
    return list instanceof List<?> values && !values.isEmpty() ? values.getFirst() : null;
  }
}
