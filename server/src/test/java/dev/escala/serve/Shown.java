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
record Shown(String text, String name, Function<Sample, @Nullable Object> value) {
  private static final List<Shown> COLUMNS =
      List.of(
          new Shown("id", "id", Sample::id),
          new Shown("n", "n", Sample::n),
          new Shown("amount", "amount", Sample::amount),
          new Shown("name", "name", Sample::name),
          new Shown("words", "words", Sample::words),
          new Shown("flag", "flag", Sample::flag),
          new Shown("day", "day", row -> text(row.day())),
          new Shown("tags", "tags", Sample::tags),
          new Shown("span", "span", row -> text(row.span())),
          new Shown("doc", "doc", Sample::doc));

  private static final List<Shown> OTHERS =
      List.of(
          new Shown("id::text", "id", row -> text(row.id())),
          new Shown("n::numeric", "n", Sample::n),
          new Shown("amount::text", "amount", row -> text(row.amount())),
          new Shown("flag::text", "flag", row -> text(row.flag())),
          new Shown(
              "day::timestamp", "day", row -> row.day() == null ? null : row.day() + "T00:00:00"),
          new Shown("doc->n", "n", row -> row.inDoc("n")),
          new Shown("doc->>k", "k", row -> row.inDoc("k")),
          new Shown("doc->\"it's\"->0", "it's", row -> first(row.inDoc("it's"))),
          new Shown("doc->>n::int", "n", row -> row.inDoc("n")),
          new Shown("tags->>0", "tags", row -> text(first(row.tags()))));

  static List<Shown> columns() {
    return COLUMNS;
  }

  static Arbitrary<Shown> any() {
    List<Shown> all = Stream.concat(COLUMNS.stream(), OTHERS.stream()).toList();
    return Arbitraries.of(all);
  }

  Shown as(String alias) {
    return new Shown(alias + ":" + text, alias, value);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : Objects.toString(value);
  }

  private static @Nullable Object first(@Nullable Object list) {
    return list instanceof List<?> values && !values.isEmpty() ? values.getFirst() : null;
  }
}
