package dev.escala.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a row says of a value that is not stored as it was sent. */
class ValueChangeTest {
  private static @Nullable String issues(TableColumns columns, String json, String... settings) {
    byte[] issues = Decoding.row(columns, json, settings).issues();
    return issues == null ? null : new String(issues, StandardCharsets.UTF_8);
  }

  /** A value of a column {@code v}, with one more setting of the topic. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          boolean | "yes" | coerce: lenient | coerced
          boolean | 1 | coerce: lenient | coerced
          boolean | true | coerce: lenient |
          bigint | "5" | coerce: lenient | coerced
          bigint | 5.0 | coerce: lenient | coerced
          bigint | 5 | coerce: lenient |
          bigint | null | coerce: lenient |
          numeric | "5.5" | coerce: lenient | coerced
          numeric | 5 | coerce: lenient |
          numeric | 0.1000000000000000000000000001 | coerce: lenient |
          numeric(5,2) | 5.5 | coerce: lenient |
          text | 5 | coerce: lenient | coerced
          text | true | coerce: lenient | coerced
          text | 5 | widen: text | widened
          text | [1,2] | widen: text | widened
          text | {"a":1} | widen: text | widened
          text | "5" | widen: text |
          text | "a\\u0000b" | nul: strip | cleaned
          text | "a\\ud800b" | nul: replace | cleaned
          text | "ab" | nul: strip |
          varchar(3) | "a\\u0000b" | nul: strip | cleaned
          jsonb | {"a":"\\u0000"} | nul: strip | cleaned
          jsonb | {"a\\u0000":1} | nul: replace | cleaned
          jsonb | "a\\u0000" | nul: strip | cleaned
          jsonb | {"a":"\\u0041"} | nul: strip |
          text[] | ["a\\u0000"] | nul: strip | cleaned
          text[] | ["a"] | nul: strip |
          inet | "127.0.0.1" | coerce: lenient |
          double precision | 0.1 | coerce: strict |
          double precision | 0.1000000000000000055511151231257827 | coerce: strict | rounded
          double precision | 9007199254740993 | coerce: strict | rounded
          double precision | 9007199254740992 | coerce: strict |
          double precision | 1e300 | coerce: strict |
          double precision | "0.5" | coerce: lenient | coerced
          real | 0.1 | coerce: strict |
          real | 16777217 | coerce: strict | rounded
          timestamptz | "2026-01-31T12:00:00.123456Z" | coerce: strict |
          timestamptz | "2026-01-31T12:00:00.123456000Z" | coerce: strict |
          timestamptz | "2026-01-31T12:00:00.123456789Z" | coerce: strict | rounded
          timestamptz | "2026-01-31" | widen: text | widened
          timestamptz | 1767225600.5 | time-format: epoch-s |
          timestamptz | 1767225600123 | time-format: epoch-ms |
          timestamptz | 1767225600123456000 | time-format: epoch-ns |
          timestamptz | 1767225600123456789 | time-format: epoch-ns | rounded
          timestamptz | 1767225600.1234567 | time-format: epoch-s | rounded
          timestamp | "2026-01-31T12:00:00.1234567" | coerce: strict | rounded
          timestamp | "2026-01-31" | widen: text | widened
          date | "2026-01-31" | coerce: strict |
          uuid | "3F0E9A6C-8A1B-4E2F-9C3D-1A2B3C4D5E6F" | coerce: strict |
          numeric | NaN | non-finite: omit | omitted
          bigint | -Infinity | non-finite: omit | omitted
          """)
  void isToldByKind(String type, String json, String setting, @Nullable String issue) {
    String found =
        issues(Decoding.table("v " + type), "{\"v\":" + json + "}", "issues: true", setting);
    if (issue == null) {
      assertThat(found).isNull();
    } else {
      assertThat(found).contains("\"column\":\"v\"").contains("\"issue\":\"" + issue + "\"");
    }
  }

  @Test
  void eachEntrySaysFromWhatToWhat() {
    TableColumns columns = Decoding.table("a bigint", "b numeric", "c text");
    String json = "{\"a\":\"5\",\"b\":NaN,\"c\":[1]}";
    assertThat(issues(columns, json, "issues: true", "coerce: lenient", "non-finite: omit"))
        .isEqualTo(
            "[{\"column\":\"a\",\"from\":\"string\",\"to\":\"bigint\",\"issue\":\"coerced\"},"
                + "{\"column\":\"b\",\"from\":\"NaN\",\"issue\":\"omitted\"},"
                + "{\"column\":\"c\",\"from\":\"array\",\"to\":\"text\",\"issue\":\"widened\"}]");
    assertThat(issues(columns, json, "coerce: lenient", "non-finite: omit"))
        .as("unless nobody asked")
        .isNull();
  }

  @Test
  void whatHasNoColumnIsTold() {
    TableColumns columns = Decoding.table("a bigint");
    assertThat(issues(columns, "{\"b\":NaN}", "issues: true", "non-finite: omit"))
        .isEqualTo("[{\"column\":\"b\",\"from\":\"NaN\",\"issue\":\"omitted\"}]");
    String[] keeping = {"issues: true", "unknown-fields: keep", "non-finite: omit", "nul: strip"};
    assertThat(issues(columns, "{\"b\":Infinity,\"c\":\"\\u0000\",\"d\\u0000\":1}", keeping))
        .isEqualTo(
            "[{\"column\":\"_extra\",\"field\":\"b\",\"from\":\"Infinity\",\"issue\":\"omitted\"},"
                + "{\"column\":\"_extra\",\"field\":\"c\",\"from\":\"string\",\"issue\":\"cleaned\"},"
                + "{\"column\":\"d\",\"from\":\"name\",\"issue\":\"cleaned\"}]");
    assertThat(
            issues(
                columns, "{\"b\":NaN}", "issues: true", "unknown-fields: drop", "non-finite: omit"))
        .isNull();
  }

  @Test
  void theyAreBounded() {
    String many =
        IntStream.range(0, 150)
            .mapToObj(i -> "\"%03d%s\":NaN".formatted(i, "n".repeat(500)))
            .collect(Collectors.joining(",", "{", "}"));
    String found =
        issues(
            Decoding.table("a bigint"),
            many,
            "issues: true",
            "unknown-fields: keep",
            "non-finite: omit");
    assertThat(found)
        .endsWith(",{\"issue\":\"more\",\"count\":50}]")
        .hasSizeLessThan(100 * 300)
        .contains("…");
  }
}
