package dev.escala.serve;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A row of the table {@code sample} as Java sees it; null is SQL's NULL. */
record Sample(
    int id,
    @Nullable Integer n,
    @Nullable BigDecimal amount,
    @Nullable String name,
    @Nullable String words,
    @Nullable Boolean flag,
    @Nullable LocalDate day,
    @Nullable List<Integer> tags,
    @Nullable Span span,
    @Nullable Map<String, Object> doc) {

  /** Names compare by code point, so that Java and PostgreSQL agree on their order. */
  static final String TABLE =
      """
      CREATE TABLE sample (id int PRIMARY KEY, n int, amount numeric, name text COLLATE "C",
        words text, flag boolean, day date, tags int[], span int4range, doc jsonb)\
      """;

  static final List<String> NAMES =
      List.of(
          "",
          "a",
          "b",
          "A",
          "ab",
          "Ab",
          "a,b",
          "(x)",
          "\"q\"",
          "back\\slash",
          "a*b",
          "100%",
          "a_b",
          "é",
          "😀",
          "null",
          "it's",
          " a ",
          "line\nbreak",
          "a.b",
          "{a}",
          "eq.a",
          "a;--",
          "&?=#+");
  static final List<String> WORDS = List.of("red", "green", "blue");
  static final List<String> AMOUNTS =
      List.of("-1.5", "0.0", "0.25", "1.50", "99999999999999999.01");

  /** Whole numbers from the first one up to the second, which does not belong. */
  record Span(int low, int high) {
    @Override
    public String toString() {
      return "[" + low + "," + high + ")";
    }
  }

  static List<Sample> rows(int count) {
    Random random = new Random(42);
    return IntStream.rangeClosed(1, count).mapToObj(id -> row(id, random)).toList();
  }

  private static Sample row(int id, Random random) {
    return new Sample(
        id,
        maybe(random, random.nextInt(-3, 4)),
        maybe(random, new BigDecimal(AMOUNTS.get(random.nextInt(AMOUNTS.size())))),
        maybe(random, NAMES.get(random.nextInt(NAMES.size()))),
        maybe(random, String.join(" ", some(random, WORDS))),
        maybe(random, random.nextBoolean()),
        maybe(random, LocalDate.of(2026, 1, 1).plusDays(random.nextInt(5))),
        maybe(random, some(random, List.of(1, 2, 3))),
        maybe(random, span(random)),
        maybe(random, doc(random)));
  }

  private static <T> @Nullable T maybe(Random random, T value) {
    return random.nextInt(5) == 0 ? null : value;
  }

  private static <T> List<T> some(Random random, List<T> pool) {
    List<T> some = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      some.add(pool.get(random.nextInt(pool.size())));
    }
    return some;
  }

  private static Span span(Random random) {
    int low = random.nextInt(6);
    return new Span(low, low + 1 + random.nextInt(4));
  }

  private static Map<String, Object> doc(Random random) {
    Map<String, Object> doc = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      doc.put("k", NAMES.get(random.nextInt(NAMES.size())));
    }
    if (random.nextBoolean()) {
      doc.put("n", random.nextInt(5));
    }
    if (random.nextBoolean()) {
      doc.put("it's", some(random, List.of(1, 2, 3)));
    }
    return doc;
  }

  @Nullable Object inDoc(String key) {
    return doc == null ? null : doc.get(key);
  }
}
