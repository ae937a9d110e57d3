package dev.escala.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.model.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemsTest {
  private static final String NDJSON = "application/x-ndjson; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private static List<String> split(String body, String contentType) throws RequestRefused {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    List<Payload> items = Items.of(bytes, contentType, 1000);
    assertThat(items).allSatisfy(item -> assertThat(item.array()).isSameAs(bytes));
    return items.stream().map(Payload::text).toList();
  }

  private static RequestRefused refused(String body, String contentType) {
    return catchThrowableOfType(RequestRefused.class, () -> split(body, contentType));
  }

  @Provide
  Arbitrary<String> objects() {
    Arbitrary<String> texts =
        Arbitraries.strings()
            .excludeChars('"', '\\')
            .ofMaxLength(8)
            .filter(
                text -> text.chars().noneMatch(c -> c < 0x20 || Character.isSurrogate((char) c)))
            .map(text -> "\"" + text + "\"");
    Arbitrary<String> values =
        Arbitraries.oneOf(
            texts,
            Arbitraries.of("1", "-2.5e3", "true", "null", "[]", "[1, [2]]", "{}", "\"]},\\\"[{\""));
    return values.list().ofMaxSize(4).map(ItemsTest::object);
  }

  private static String object(List<String> values) {
    StringBuilder object = new StringBuilder("{");
    for (int i = 0; i < values.size(); i++) {
      object.append(i == 0 ? " " : ", ").append('"').append(i).append("\":").append(values.get(i));
    }
    return object.append('}').toString();
  }

  @Provide
  Arbitrary<String> spaces() {
    return Arbitraries.of("", " ", "\t", "\r\n", "\n", " \n\r\n ");
  }

  @Provide
  Arbitrary<String> lineEnds() {
    return Arbitraries.of("\n", "\r\n", " \t\n\n  ", "\r\n\r\n");
  }

  @Provide
  Arbitrary<String> starts() {
    return Arbitraries.of("", BYTE_ORDER_MARK, "  ", "\r\n", BYTE_ORDER_MARK + "\n ");
  }

  @Property(tries = 300)
  void anArrayGivesExactlyItsElements(
      @ForAll("starts") String start,
      @ForAll("spaces") String space,
      @ForAll @Size(max = 6) List<@From("objects") String> objects)
      throws RequestRefused {
    String body =
        start
            + objects.stream()
                .map(object -> space + object + space)
                .collect(Collectors.joining(",", "[", "]" + space));
    assertThat(split(body, JSON)).isEqualTo(objects);
    assertThat(split(body, FORM)).isEqualTo(objects);
  }

  @Property(tries = 300)
  void linesGiveExactlyTheLines(
      @ForAll("starts") String start,
      @ForAll("lineEnds") String end,
      @ForAll @Size(min = 1, max = 6) List<@From("objects") String> objects)
      throws RequestRefused {
    String body = start + String.join(end, objects);
    assertThat(split(body, NDJSON)).isEqualTo(objects);
    assertThat(split(body + end, NDJSON)).isEqualTo(objects);
    assertThat(split(body + end, FORM)).isEqualTo(objects);
  }

  @Property(tries = 200)
  void whatCurlMakesOfLinesGivesTheObjects(
      @ForAll @Size(min = 1, max = 6) List<@From("objects") String> objects) throws RequestRefused {
    assertThat(split(String.join("", objects), FORM)).isEqualTo(objects);
  }

  @Property(tries = 300)
  void anyBytesAreSplitOrRefused(@ForAll byte[] body, @ForAll("types") String type) {
    try {
      assertThat(Items.of(body, type, 1000)).isNotNull();
    } catch (RequestRefused refused) {
      assertThat(refused.problem().code()).isIn("ESC110", "ESC112");
    }
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of(NDJSON, JSON, FORM);
  }

  @Test
  void aSingleObjectMayStandOnSeveralLines() throws RequestRefused {
    String object = "{\n  \"a\": 1\n}";
    assertThat(split(object + "\n", JSON)).containsExactly(object);
    assertThat(split(object, FORM)).containsExactly(object);
    assertThat(split(object, "text/plain")).containsExactly(object);
  }

  @Test
  void aMalformedLineIsAnItemAndDoesNotHarmItsNeighbours() throws RequestRefused {
    String body = "{\"a\":1}\n{broken\n{\"a\":2}";
    assertThat(split(body, NDJSON)).containsExactly("{\"a\":1}", "{broken", "{\"a\":2}");
    assertThat(split(body, FORM)).containsExactly("{\"a\":1}", "{broken", "{\"a\":2}");
    assertThat(split("not json at all", NDJSON)).containsExactly("not json at all");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          application/json | [{"a":1},{"a":]   | line 1, column 15
          application/json | [{"a":1}] []      | something follows the array
          application/json | {"a":1} {"a":2}   | goes on after the first value
          application/json | {"a":1            | line 1
          application/json | [{"a":1}          | line 1
          text/plain       | a=1&b=2           | line 1, column
          text/plain       | {"a":1}{"b":]     | line 1, column
          """)
  void malformedJsonIsRefusedWithItsPosition(String type, String body, String where) {
    RequestRefused refused = refused(body, type);

    assertThat(refused.problem().code()).isEqualTo("ESC112");
    assertThat(refused.problem().message()).contains(where);
    assertThat(refused.problem().hint()).contains("application/x-ndjson");
  }

  @Test
  void whatIsTooDeepOrTooLongForTheParserIsRefusedWithItsPosition() {
    String deep = "{\"a\":" + "[".repeat(3_000);
    String longName = "{\"" + "a".repeat(100_000) + "\":1}";
    for (String body : List.of(deep, "[" + deep + "]", longName)) {
      assertThat(refused(body, JSON).problem().message()).contains("line 1, column");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \r\n\t ", BYTE_ORDER_MARK, BYTE_ORDER_MARK + "\n"})
  void anEmptyBodyIsRefused(String body) {
    for (String type : List.of(NDJSON, JSON, FORM)) {
      assertThat(refused(body, type).problem().message()).isEqualTo("The body is empty");
    }
  }

  @Test
  void itemsAreLimited() throws RequestRefused {
    byte[] lines = "{}\n{}\n{}".getBytes(StandardCharsets.UTF_8);
    assertThat(Items.of(lines, NDJSON, 3)).hasSize(3);
    RequestRefused refused =
        catchThrowableOfType(RequestRefused.class, () -> Items.of(lines, NDJSON, 2));
    assertThat(refused.problem().code()).isEqualTo("ESC110");
  }

  @Test
  void otherUnicodeThanUtf8IsRefused() {
    byte[] utf16 = "[{\"a\":1}]".getBytes(StandardCharsets.UTF_16BE);
    RequestRefused refused =
        catchThrowableOfType(RequestRefused.class, () -> Items.of(utf16, JSON, 10));
    assertThat(refused.problem().message()).contains("UTF-8");
  }
}
