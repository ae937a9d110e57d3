package dev.escala.serve;

import dev.escala.serve.Sample.Span;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Every condition of the dialect on the columns of {@link Sample}, nested and negated. */
final class FilterCases {
  private static final Map<String, IntPredicate> COMPARISONS =
      Map.of(
          "eq", order -> order == 0,
          "neq", order -> order != 0,
          "gt", order -> order > 0,
          "gte", order -> order >= 0,
          "lt", order -> order < 0,
          "lte", order -> order <= 0);

  /** PostgreSQL compares texts of collation "C" so; Java's own order is that of UTF-16. */
  private static final Comparator<String> BY_CODE_POINT =
      (left, right) -> Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());

  private FilterCases() {}

  /** A filter or a logic tree, each perhaps negated. */
  static Arbitrary<FilterCase> claims() {
    return Arbitraries.recursive(FilterCases::filters, FilterCases::nested, 0, 3);
  }

  private static Arbitrary<FilterCase> nested(Arbitrary<FilterCase> inner) {
    Arbitrary<List<FilterCase>> members = inner.list().ofMinSize(1).ofMaxSize(3);
    return Arbitraries.oneOf(members.map(FilterCase::all), members.map(FilterCase::any))
        .flatMap(FilterCases::perhapsNegated);
  }

  private static Arbitrary<FilterCase> perhapsNegated(FilterCase claim) {
    return Arbitraries.of(claim, claim.negated());
  }

  private static Arbitrary<FilterCase> filters() {
    Column<Integer> n = new Column<>("n", Sample::n);
    Column<BigDecimal> amount = new Column<>("amount", Sample::amount);
    Column<String> name = new Column<>("name", Sample::name);
    Column<LocalDate> day = new Column<>("day", Sample::day);
    Column<String> k = new Column<>("doc->>k", row -> (String) row.inDoc("k"));
    Arbitrary<Integer> numbers = Arbitraries.integers().between(-4, 4);
    Arbitrary<BigDecimal> amounts = Arbitraries.of(Sample.AMOUNTS).map(BigDecimal::new);
    Arbitrary<LocalDate> days =
        Arbitraries.integers().between(0, 6).map(LocalDate.of(2025, 12, 31)::plusDays);
    return Arbitraries.oneOf(
            ordered(n, numbers, Comparator.naturalOrder()),
            ordered(amount, amounts, Comparator.naturalOrder()),
            ordered(name, names(), BY_CODE_POINT),
            ordered(day, days, Comparator.naturalOrder()),
            equal(k, names()),
            patterns(name),
            patterns(k),
            constants(),
            arrays(),
            spans(),
            documents(),
            searches())
        .flatMap(FilterCases::perhapsNegated);
  }

  /** A column, or a place in its JSON, by its name in the dialect. */
  private record Column<T>(String field, Function<Sample, @Nullable T> value) {

    FilterCase claim(String operator, String text, Predicate<T> holds) {
      return FilterCase.filter(field, operator, text, row -> truth(row, holds));
    }

    private TruthValue truth(Sample row, Predicate<T> holds) {
      T found = value.apply(row);
      return found == null ? TruthValue.UNKNOWN : TruthValue.of(holds.test(found));
    }

    FilterCase each(String operator, boolean all, List<T> others, BiPredicate<T, T> holds) {
      String text =
          others.stream()
              .map(other -> element(other.toString(), "(?!null)[a-z0-9]+"))
              .collect(Collectors.joining(",", "{", "}"));
      return FilterCase.filter(
          field,
          operator + (all ? "(all)" : "(any)"),
          text,
          row -> {
            var truths =
                others.stream().map(other -> truth(row, found -> holds.test(found, other)));
            return all
                ? truths.reduce(TruthValue.TRUE, TruthValue::and)
                : truths.reduce(TruthValue.FALSE, TruthValue::or);
          });
    }

    FilterCase in(List<T> others, BiPredicate<T, T> same) {
      String list =
          others.stream()
              .map(other -> element(other.toString(), "[a-z0-9]+"))
              .collect(Collectors.joining(",", "in.(", ")"));
      return FilterCase.constant(
          field,
          list,
          row ->
              others.stream()
                  .map(other -> truth(row, found -> same.test(found, other)))
                  .reduce(TruthValue.FALSE, TruthValue::or));
    }

    FilterCase distinct(T other, BiPredicate<T, T> same) {
      return FilterCase.filter(
          field,
          "isdistinct",
          other.toString(),
          row -> {
            T found = value.apply(row);
            return TruthValue.of(found == null || !same.test(found, other));
          });
    }

    private static String element(String text, String plain) {
      return text.matches(plain) ? text : FilterCase.quoted(text);
    }
  }

  private static Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.of(Sample.NAMES),
        Arbitraries.strings().withChars("ab,.()\"\\*%_:{} é'-&+#=\n\t").ofMaxLength(5));
  }

  private static <T> Arbitrary<FilterCase> ordered(
      Column<T> column, Arbitrary<T> values, Comparator<T> order) {
    Arbitrary<String> words = Arbitraries.of(COMPARISONS.keySet());
    Arbitrary<String> quantifiable = words.filter(word -> !word.equals("neq"));
    return Arbitraries.oneOf(
        Combinators.combine(words, values)
            .as(
                (word, value) ->
                    column.claim(
                        word,
                        value.toString(),
                        found -> compare(word).test(order.compare(found, value)))),
        Combinators.combine(quantifiable, Arbitraries.of(true, false), values.list().ofMaxSize(3))
            .as(
                (word, all, others) ->
                    column.each(
                        word,
                        all,
                        others,
                        (found, other) -> compare(word).test(order.compare(found, other)))),
        equal(column, values, (left, right) -> order.compare(left, right) == 0));
  }

  private static IntPredicate compare(String word) {
    return Objects.requireNonNull(COMPARISONS.get(word));
  }

  private static Arbitrary<FilterCase> equal(Column<String> column, Arbitrary<String> values) {
    return equal(column, values, String::equals);
  }

  private static <T> Arbitrary<FilterCase> equal(
      Column<T> column, Arbitrary<T> values, BiPredicate<T, T> same) {
    return Arbitraries.oneOf(
        values.list().ofMaxSize(3).map(others -> column.in(others, same)),
        values.map(other -> column.distinct(other, same)),
        values.map(
            other -> column.claim("eq", other.toString(), found -> same.test(found, other))));
  }

  /** {@code like} with both wildcards and escapes; regular expressions that Java reads alike. */
  private static Arbitrary<FilterCase> patterns(Column<String> column) {
    Arbitrary<String> likes =
        Arbitraries.of(
                "a", "b", "A", "*", "%", "_", "\\\\", "\\%", "\\_", ",", "é", "😀", "(", "\"")
            .list()
            .ofMaxSize(4)
            .map(pieces -> String.join("", pieces));
    Arbitrary<String> expressions =
        Arbitraries.of("^a", "b$", "a.b", "a|é", "[ab]+", "^$", "\\(x\\)", "^.$", "B", "\"");
    Arbitrary<Boolean> ignoringCase = Arbitraries.of(true, false);
    return Arbitraries.oneOf(
        matching(column, "like", likes, FilterCases::like, ignoringCase),
        matching(column, "match", expressions, text -> text.replace("$", "\\z"), ignoringCase));
  }

  private static Arbitrary<FilterCase> matching(
      Column<String> column,
      String word,
      Arbitrary<String> texts,
      Function<String, String> inJava,
      Arbitrary<Boolean> ignoringCase) {
    return Combinators.combine(
            ignoringCase, texts, texts.list().ofMaxSize(2), Arbitraries.integers().between(0, 2))
        .as(
            (ignoring, text, others, form) -> {
              String operator = (ignoring ? "i" : "") + word;
              int flags = Pattern.DOTALL | (ignoring ? Pattern.CASE_INSENSITIVE : 0);
              BiPredicate<String, String> finds =
                  (found, sought) ->
                      Pattern.compile(inJava.apply(sought), flags).matcher(found).find();
              return form == 0
                  ? column.claim(operator, text, found -> finds.test(found, text))
                  : column.each(operator, form == 1, others, finds);
            });
  }

  private static String like(String text) {
    StringBuilder expression = new StringBuilder("^");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '*', '%' -> expression.append(".*");
        case '_' -> expression.append('.');
        case '\\' -> expression.append(Pattern.quote(text.substring(++i, i + 1)));
        default ->
            expression
                .append(Character.isLetter(c) || Character.isSurrogate(c) ? "" : "\\")
                .append(c);
      }
    }
    return expression.append("\\z").toString();
  }

  private static Arbitrary<FilterCase> constants() {
    Function<Sample, @Nullable Boolean> flag = Sample::flag;
    return Arbitraries.of(
        FilterCase.constant(
            "flag", "is.true", row -> TruthValue.of(Boolean.TRUE.equals(flag.apply(row)))),
        FilterCase.constant(
            "flag", "is.false", row -> TruthValue.of(Boolean.FALSE.equals(flag.apply(row)))),
        FilterCase.constant("flag", "is.unknown", row -> TruthValue.of(flag.apply(row) == null)),
        FilterCase.constant("flag", "is.NULL", row -> TruthValue.of(flag.apply(row) == null)),
        FilterCase.constant("span", "is.null", row -> TruthValue.of(row.span() == null)),
        FilterCase.constant("doc", "is.not_null", row -> TruthValue.of(row.doc() != null)),
        FilterCase.constant("doc->>k", "is.null", row -> TruthValue.of(row.inDoc("k") == null)),
        new Column<>("flag", flag).claim("eq", "true", found -> found),
        new Column<>("flag", flag).claim("neq", "yes", found -> !found));
  }

  private static Arbitrary<FilterCase> arrays() {
    Column<List<Integer>> tags = new Column<>("tags", Sample::tags);
    return Arbitraries.integers()
        .between(1, 4)
        .list()
        .ofMaxSize(3)
        .flatMap(
            other -> {
              String text = other.toString().replace(" ", "").replace('[', '{').replace(']', '}');
              return Arbitraries.of(
                  tags.claim("cs", text, found -> new HashSet<>(found).containsAll(other)),
                  tags.claim("cd", text, found -> new HashSet<>(other).containsAll(found)),
                  tags.claim("ov", text, found -> !Collections.disjoint(found, other)),
                  tags.claim("eq", text, found -> found.equals(other)));
            });
  }

  private static Arbitrary<FilterCase> spans() {
    Column<Span> span = new Column<>("span", Sample::span);
    Arbitrary<Integer> bounds = Arbitraries.integers().between(0, 10);
    return Combinators.combine(bounds, bounds)
        .as((low, high) -> new Span(Math.min(low, high), Math.max(low, high) + 1))
        .flatMap(
            other -> {
              String text = other.toString();
              String closed = "[%d,%d]".formatted(other.low(), other.high() - 1);
              return Arbitraries.of(
                  span.claim("cs", text, s -> s.low() <= other.low() && other.high() <= s.high()),
                  span.claim("cd", closed, s -> other.low() <= s.low() && s.high() <= other.high()),
                  span.claim("ov", text, s -> s.low() < other.high() && other.low() < s.high()),
                  span.claim("sl", closed, s -> s.high() <= other.low()),
                  span.claim("sr", text, s -> s.low() >= other.high()),
                  span.claim("nxr", text, s -> s.high() <= other.high()),
                  span.claim("nxl", closed, s -> s.low() >= other.low()),
                  span.claim("adj", text, s -> s.high() == other.low() || s.low() == other.high()),
                  span.claim("eq", closed, s -> s.equals(other)));
            });
  }

  private static Arbitrary<FilterCase> documents() {
    Column<Integer> n = new Column<>("doc->n", row -> (Integer) row.inDoc("n"));
    Column<List<?>> list = new Column<>("doc->\"it's\"", row -> (List<?>) row.inDoc("it's"));
    Column<Map<String, Object>> doc = new Column<>("doc", Sample::doc);
    return Arbitraries.integers()
        .between(0, 4)
        .flatMap(
            i ->
                Arbitraries.of(
                    n.claim("eq", "" + i, found -> found.equals(i)),
                    n.claim("gt", i + ".0", found -> found > i),
                    list.claim("cs", "[" + i + "]", found -> found.contains(i)),
                    doc.claim(
                        "cs", "{\"n\": " + i + "}", found -> Objects.equals(found.get("n"), i)),
                    doc.claim(
                        "cd",
                        "{\"n\": " + i + "}",
                        found -> found.isEmpty() || found.equals(Map.of("n", i)))));
  }

  private static Arbitrary<FilterCase> searches() {
    Column<String> words = new Column<>("words", Sample::words);
    return Combinators.combine(
            Arbitraries.of("", "(simple)", "(english)"),
            Arbitraries.of(Sample.WORDS),
            Arbitraries.of(Sample.WORDS))
        .flatAs(
            (language, one, two) ->
                Arbitraries.of(
                    words.claim(
                        "fts" + language,
                        one + " & !" + two,
                        text -> text.contains(one) && !text.contains(two)),
                    words.claim(
                        "plfts" + language,
                        one + " " + two,
                        text -> text.contains(one) && text.contains(two)),
                    words.claim(
                        "phfts" + language,
                        one + " " + two,
                        text -> text.contains(one + " " + two)),
                    words.claim(
                        "wfts" + language,
                        one + " or -" + two,
                        text -> text.contains(one) || !text.contains(two))));
  }
}
