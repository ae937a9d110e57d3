package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the dialect reads of a table is what a plain filter over the same rows in Java says. */
@Tag("integration")
class GrammarPropertiesTest {
  private static final List<Sample> ROWS = Sample.rows(120);
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final ServedDatabase SERVED = start();

  /** A whole request: what is asked, and how Java answers it. */
  record Question(
      List<FilterCase> claims,
      List<SelectCase> select,
      List<Sorting> order,
      @Nullable Integer limit,
      int offset) {}

  /** A term of {@code order}. */
  record Sorting(String text, Comparator<Sample> comparator) {}

  private static ServedDatabase start() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(Sample.TABLE);
    database.execute(
        "INSERT INTO sample SELECT * FROM json_populate_recordset(null::sample, '%s')"
            .formatted(
                JSON.writeValueAsString(ROWS.stream().map(GrammarPropertiesTest::whole).toList())
                    .replace("'", "''")));
    return ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterContainer
  static void stop() {
    SERVED.close();
  }

  static Map<String, @Nullable Object> whole(Sample row) {
    return shown(SelectCase.columns(), row);
  }

  private static Map<String, @Nullable Object> shown(List<SelectCase> select, Sample row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    select.forEach(item -> values.put(item.name(), item.value().apply(row)));
    return values;
  }

  @Property(tries = 400)
  void theRowsAreThoseOfAFilterInJava(@ForAll("questions") Question question) {
    compare(question);
  }

  @Property(tries = 5_000)
  @Tag("long")
  void theRowsAreThoseOfAFilterInJavaForLong(@ForAll("questions") Question question) {
    compare(question);
  }

  private static void compare(Question question) {
    String query = query(question);
    HttpResponse<String> answer = SERVED.get("/db/sample?" + query);
    assertThat(answer.statusCode()).as(query + " " + answer.body()).isEqualTo(200);
    List<Map<String, @Nullable Object>> rows =
        JSON.readValue(answer.body(), new TypeReference<>() {});
    assertThat(rows).as(query).isEqualTo(expected(question));
  }

  private static String query(Question question) {
    List<String> parameters = new ArrayList<>();
    question.claims().forEach(claim -> parameters.add(parameter(claim.key(), claim.value())));
    parameters.add(parameter("select", joined(question.select().stream().map(SelectCase::text))));
    parameters.add(parameter("order", joined(question.order().stream().map(Sorting::text))));
    if (question.limit() != null) {
      parameters.add("limit=" + question.limit());
    }
    parameters.add("offset=" + question.offset());
    return String.join("&", parameters);
  }

  private static String parameter(String key, String value) {
    return ServedDatabase.encoded(key) + "=" + ServedDatabase.encoded(value);
  }

  private static String joined(Stream<String> texts) {
    return String.join(",", texts.toList());
  }

  private static List<Map<String, @Nullable Object>> expected(Question question) {
    return ROWS.stream()
        .filter(
            row -> question.claims().stream().allMatch(claim -> claim.says(row) == TruthValue.TRUE))
        .sorted(order(question))
        .skip(question.offset())
        .limit(question.limit() == null ? Integer.MAX_VALUE : question.limit())
        .map(row -> shown(question.select(), row))
        .toList();
  }

  private static Comparator<Sample> order(Question question) {
    return question.order().stream()
        .map(Sorting::comparator)
        .reduce(Comparator::thenComparing)
        .orElseThrow();
  }

  @Provide
  Arbitrary<Question> questions() {
    return Combinators.combine(
            FilterCases.claims().list().ofMaxSize(3),
            selections(),
            orders(),
            Arbitraries.integers().between(0, 130).injectNull(0.5),
            Arbitraries.of(0, 0, 1, 7, 119, 121))
        .as(Question::new);
  }

  private static Arbitrary<List<SelectCase>> selections() {
    Arbitrary<List<SelectCase>> aliased =
        SelectCase.any()
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(
                items ->
                    IntStream.range(0, items.size())
                        .mapToObj(i -> items.get(i).as("as " + i))
                        .toList());
    return Arbitraries.oneOf(
        aliased, SelectCase.any().map(List::of), Arbitraries.just(SelectCase.columns()));
  }

  /** The key comes last, so that there is one right order. */
  private static Arbitrary<List<Sorting>> orders() {
    Sorting byKey = new Sorting("id", Comparator.comparingInt(Sample::id));
    Arbitrary<Sorting> any =
        Arbitraries.oneOf(
            sortings("n", Sample::n),
            sortings("amount", Sample::amount),
            sortings("flag", Sample::flag),
            sortings("day", Sample::day),
            sortings("doc->n", row -> (Integer) row.inDoc("n")));
    return any.list()
        .ofMaxSize(3)
        .map(terms -> Stream.concat(terms.stream(), Stream.of(byKey)).toList());
  }

  private static <T extends Comparable<? super T>> Arbitrary<Sorting> sortings(
      String field, Function<Sample, @Nullable T> value) {
    Comparator<T> up = Comparator.naturalOrder();
    return Arbitraries.of(
        new Sorting(field, Comparator.comparing(value, Comparator.nullsLast(up))),
        new Sorting(
            field + ".asc.nullsfirst", Comparator.comparing(value, Comparator.nullsFirst(up))),
        new Sorting(
            field + ".desc", Comparator.comparing(value, Comparator.nullsFirst(up.reversed()))),
        new Sorting(
            field + ".desc.nullslast",
            Comparator.comparing(value, Comparator.nullsLast(up.reversed()))));
  }
}
