package dev.escala.decode;

import static dev.escala.decode.Decoding.ID;
import static dev.escala.decode.Decoding.changes;
import static dev.escala.decode.Decoding.rejection;
import static dev.escala.decode.Decoding.row;
import static dev.escala.decode.Decoding.table;
import static dev.escala.decode.Decoding.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.Decoder.Evolution;
import dev.escala.model.Message;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.testing.Messages;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
  @Test
  void valuesHaveTheTypesOfTheirColumns() {
    assertThat(value("boolean", "true")).isEqualTo(true);
    assertThat(value("smallint", "-32768")).isEqualTo(-32768L);
    assertThat(value("bigint", "9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(value("numeric", "9007199254740993")).isEqualTo(new BigDecimal("9007199254740993"));
    assertThat(value("numeric", "1e400")).isEqualTo(new BigDecimal("1e400"));
    assertThat(value("numeric(38,18)", "0.1")).isEqualTo(new BigDecimal("0.100000000000000000"));
    assertThat(value("double precision", "0.1")).isEqualTo(0.1);
    assertThat(value("text", "\"tiếng Việt 🛫\"")).isEqualTo("tiếng Việt 🛫");
    assertThat(value("date", "\"2026-02-28\"")).isEqualTo(LocalDate.of(2026, 2, 28));
    assertThat(value("uuid", "\"" + ID.toUpperCase(java.util.Locale.ROOT) + "\""))
        .isEqualTo(UUID.fromString(ID));
    assertThat(value("timestamptz", "\"2026-01-31T12:00:00.1234565+01:00\""))
        .isEqualTo(Instant.parse("2026-01-31T11:00:00.123457Z"));
    assertThat(value("jsonb", "{\"a\": [1.10, null]}"))
        .isEqualTo("{\"a\": [1.10, null]}".getBytes(StandardCharsets.UTF_8));
    assertThat(value("integer[]", "[1,null,[2]]")).isEqualTo("{1,NULL,{2}}");
    assertThat(value("inet", "\"10.0.0.1\"")).isEqualTo("10.0.0.1");
    assertThat(value("text", "null")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bigint|9223372036854775808|FIELD_RANGE",
        "smallint|32768|FIELD_RANGE",
        "integer|2147483648|FIELD_RANGE",
        "integer|1.5|FIELD_TYPE",
        "bigint|\"1\"|FIELD_TYPE",
        "numeric(5,2)|0.123|NUMBER_PRECISION",
        "numeric(5,2)|1000|FIELD_RANGE",
        "numeric|1e999999999|FIELD_RANGE",
        "numeric|1e99999999999999|FIELD_RANGE",
        "real|1e39|FIELD_RANGE",
        "double precision|1e400|FIELD_RANGE",
        "varchar(3)|\"abcd\"|FIELD_TOO_LONG",
        "text|1|FIELD_TYPE",
        "text|\"a\\u0000b\"|FIELD_NUL",
        "text|\"\\ud800\"|FIELD_NUL",
        "jsonb|[\"a\\u0000b\"]|FIELD_NUL",
        "jsonb|{\"\\u0000\":1}|FIELD_NUL",
        "jsonb|[1e999999999]|FIELD_RANGE",
        "timestamptz|\"2026-01-31T12:00:00\"|TIME_FORMAT",
        "timestamptz|\"-infinity\"|TIME_FORMAT",
        "timestamptz|\"+300000-01-01T00:00:00Z\"|FIELD_RANGE",
        "timestamptz|1769860800|FIELD_TYPE",
        "date|\"2026-02-30\"|TIME_FORMAT",
        "uuid|\"nobody\"|FIELD_TYPE",
        "boolean|\"true\"|FIELD_TYPE",
        "integer[]|[{}]|FIELD_TYPE",
      })
  void whatDoesNotFitIsRejectedWithItsReason(String type, String json, ReasonCode reason) {
    Rejection rejection =
        rejection(table("v " + type), "{\"v\":" + json + "}", "unknown-fields: reject");
    assertThat(rejection.reason()).isEqualTo(reason);
    assertThat(rejection.column()).isEqualTo("v");
  }

  @Test
  void lenientColumnsConvertWhatLosesNothing() {
    String lenient = "coerce: lenient";
    assertThat(value("bigint", "\"12\"", lenient)).isEqualTo(12L);
    assertThat(value("bigint", "12.0", lenient)).isEqualTo(12L);
    assertThat(value("boolean", "\"yes\"", lenient)).isEqualTo(true);
    assertThat(value("text", "1.10", lenient)).isEqualTo("1.10");
    assertThat(value("numeric", "\"1e3\"", lenient)).isEqualTo(new BigDecimal("1e3"));
  }

  @ParameterizedTest
  @CsvSource({
    "epoch-s, 1769860800.123456",
    "epoch-ms, 1769860800123.456",
    "epoch-us, 1769860800123456",
    "epoch-ns, 1769860800123456400",
  })
  void epochsOfEveryUnitAreTheSameInstant(String unit, String number) {
    assertThat(value("timestamptz", number, "time-format: " + unit))
        .isEqualTo(Instant.parse("2026-01-31T12:00:00.123456Z"));
  }

  @Test
  void theYear10000IsATime() {
    assertThat(value("timestamptz", "\"+10000-01-01T00:00:00Z\""))
        .isEqualTo(Instant.parse("+10000-01-01T00:00:00Z"));
    assertThat(value("timestamptz", "253402300800", "time-format: epoch-s"))
        .isEqualTo(Instant.parse("+10000-01-01T00:00:00Z"));
    assertThat(
            rejection(
                    table("v timestamptz"),
                    "{\"v\":1e30}",
                    "time-format: epoch-s",
                    "coerce: strict")
                .reason())
        .isEqualTo(ReasonCode.FIELD_RANGE);
  }

  @Test
  void unstorableCharactersFollowThePolicy() {
    assertThat(value("text", "\"a\\u0000b\\ud800\"", "nul: strip")).isEqualTo("ab");
    assertThat(value("text", "\"a\\u0000b\"", "nul: replace")).isEqualTo("a\ufffdb");
    assertThat(value("jsonb", "{\"k\\u0000\":\"\\\\u0000\\ud83d\\ude00\\ud83d\"}", "nul: strip"))
        .isEqualTo("{\"k\":\"\\\\u0000\\ud83d\\ude00\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(row(table("ab text"), "{\"a\\u0000b\":\"x\"}", "nul: strip").value(0))
        .isEqualTo("x");
    assertThat(rejection(table("ab text"), "{\"a\\u0000b\":\"x\"}").reason())
        .isEqualTo(ReasonCode.FIELD_NUL);
  }

  @Test
  void anEscapedKeyIsTheSameKey() {
    assertThat(row(table("🛫 bigint"), "{\"\\ud83d\\udeeb\":1}").value(0)).isEqualTo(1L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "[]",
        "{",
        "{\"a\":}",
        "{\"a\":1}x",
        "nul",
        "{\"a\":01}",
        "{\"\\udc00\":1}"
      })
  void whatIsNotOneObjectIsMalformed(String json) {
    assertThat(rejection(table("a bigint"), json).reason()).isEqualTo(ReasonCode.JSON_MALFORMED);
  }

  @Test
  void bytesThatAreNotUtf8AreMalformed() {
    for (byte[] bytes :
        List.of(
            new byte[] {'{', '"', 'v', '"', ':', '"', (byte) 0xFF, '"', '}'},
            "{\"v\":\"ab\"}".getBytes(StandardCharsets.UTF_16),
            "\ufeff{}".getBytes(StandardCharsets.UTF_8),
            new byte[] {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ':', '1', '}'})) {
      Decoded decoded =
          new Decoder(Settings.flights())
              .decode(Messages.of(ID, Payload.of(bytes)), table("v text"), Evolution.ALLOWED);
      assertThat(decoded)
          .isInstanceOfSatisfying(
              Decoded.Rejected.class,
              rejected ->
                  assertThat(rejected.rejection().reason()).isEqualTo(ReasonCode.JSON_MALFORMED));
    }
  }

  @Test
  void duplicateKeysAndDeepNestingHaveTheirOwnReasons() {
    assertThat(rejection(table("v jsonb"), "{\"v\":1,\"v\":2}").reason())
        .isEqualTo(ReasonCode.JSON_DUPLICATE_KEY);
    assertThat(rejection(table("v jsonb"), "{\"v\":{\"a\":1,\"a\":2}}").reason())
        .isEqualTo(ReasonCode.JSON_DUPLICATE_KEY);
    String deep = "[".repeat(200) + "]".repeat(200);
    assertThat(rejection(table("v jsonb"), "{\"v\":" + deep + "}").reason())
        .isEqualTo(ReasonCode.JSON_DEPTH);
    assertThat(rejection(table("v numeric"), "{\"v\":" + "9".repeat(5000) + "}").reason())
        .isEqualTo(ReasonCode.NUMBER_PRECISION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|boolean",
        "1|bigint",
        "-9223372036854775808|bigint",
        "9223372036854775808|numeric",
        "0.1|numeric",
        "\"2026-01-31T12:00:00Z\"|timestamp with time zone",
        "\"2026-01-31 12:00+01:00\"|timestamp with time zone",
        "\"2026-01-31T12:00:00\"|timestamp",
        "\"2026-01-31 12:00:00.123456\"|timestamp",
        "\"2026-01-31 12:00\"|timestamp",
        "\"2026-01-31 25:00:00\"|text",
        "\"2026-01-31 12:00:00+00\"|timestamptz",
        "\"2026-01-31 12:00:00.5 +0530\"|timestamptz",
        "\"2026-01-31\"|date",
        "\"2026-01-32\"|text",
        "\"3f0e9a6c-8a1b-4e2f-9c3d-1a2b3c4d5e6f\"|uuid",
        "{}|jsonb",
        "[1]|jsonb",
      })
  void aNewFieldHasTheTypeOfItsFirstValue(String json, String type) {
    assertThat(changes(table(), "{\"v\":" + json + ",\"n\":null}"))
        .containsExactly(new ColumnChange.Add("v", ColumnType.parse(type)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bigint|1.5|numeric",
        "bigint|9223372036854775808|numeric",
        "integer|2147483648|bigint",
        "bigint|\"12\"|text",
        "bigint|true|text",
        "bigint|{}|jsonb",
        "boolean|\"maybe\"|text",
        "boolean|[1]|jsonb",
        "numeric|\"n/a\"|text",
        "date|\"soon\"|text",
        "date|\"2026-01-31T12:00:00Z\"|timestamptz",
        "date|\"2026-01-31 12:00:00\"|timestamp",
        "timestamp|\"2026-01-31T12:00:00Z\"|text",
        "timestamptz|\"2026-01-31T12:00:00\"|text",
        "timestamptz|\"\"|text",
        "uuid|\"nobody\"|text",
        "uuid|7|text",
      })
  void aColumnIsWidenedWhereNothingIsLost(String type, String json, String wider) {
    TableColumns columns = table("v " + type);
    String message = "{\"v\":" + json + "}";
    assertThat(changes(columns, message))
        .containsExactly(new ColumnChange.Widen("v", ColumnType.parse(wider)));
    Message again = Messages.of(ID, message);
    assertThat(new Decoder(Settings.flights()).decode(again, columns, Evolution.FINISHED))
        .isInstanceOf(Decoded.Rejected.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text|1.50|1.50",
        "text|true|true",
        "text|{\"a\": [1]}|{\"a\": [1]}",
        "timestamp|\"2026-01-31\"|2026-01-31T00:00",
        "timestamptz|\"2026-01-31\"|2026-01-31T00:00:00Z",
        "jsonb|\"x\"|\"x\"",
      })
  void aWideColumnTakesWhatIsNarrower(String type, String json, String stored) {
    Object value = value(type, json);
    assertThat(value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value)
        .asString()
        .isEqualTo(stored);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text|1",
        "text|{}",
        "bigint|\"12\"",
        "date|\"2026-01-31T12:00:00Z\"",
        "timestamptz|\"2026-01-31\"",
        "timestamp|\"2026-01-31\"",
      })
  void typesStayWherePolicyOrUsersSaySo(String typeAndJson) {
    String[] parts = typeAndJson.split("\\|", 2);
    String message = "{\"v\":" + parts[1] + "}";
    assertThat(Decoding.decode(table("v " + parts[0]), message, "widen: reject"))
        .isInstanceOf(Decoded.Rejected.class);
    assertThat(changes(table("v bigint"), "{\"v\":1.5}", "widen: reject"))
        .containsExactly(new ColumnChange.Widen("v", ColumnType.NUMERIC));
    TableColumns ofUser =
        new TableColumns(true, true, table("v bigint").columns(), Set.of(), false, true);
    assertThat(rejection(ofUser, "{\"v\":\"12\"}").reason()).isEqualTo(ReasonCode.FIELD_TYPE);
    assertThat(changes(ofUser, "{\"v\":1.5}"))
        .containsExactly(new ColumnChange.Widen("v", ColumnType.NUMERIC));
  }

  /** Whatever comes first, and whatever else is wrong: what is rejected asks for no change. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"new\":1,\"n\":\"a\\u0000b\"}",
        "{\"n\":\"text\",\"key\":null}",
        "{\"new\":\"a\\u0000b\",\"key\":1}",
        "{\"new\":1,\"key\":1,\"at\":\"soon\"}",
        "{\"new\":1}",
      })
  void aRejectedMessageNeedsNoChange(String json) {
    assertThat(Decoding.decode(table("n bigint", "must bigint"), json, "key: $.key", "time: $.at"))
        .isInstanceOf(Decoded.Rejected.class);
  }

  @Test
  void hintsDoNotAdviseWhatIsSet() {
    String[] lenient = {"coerce: lenient", "widen: reject"};
    assertThat(rejection(table("v bigint"), "{\"v\":\"x\"}", lenient).detail())
        .contains("ALTER TABLE")
        .doesNotContain("lenient");
    assertThat(rejection(table("v bigint"), "{\"v\":\"x\"}", "widen: reject").detail())
        .contains("lenient");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
  void whatIsNoNumberIsRejectedOrNull(String number) {
    Rejection rejection = rejection(table("v numeric"), "{\"v\":" + number + "}");
    assertThat(rejection.reason()).isEqualTo(ReasonCode.JSON_MALFORMED);
    assertThat(rejection.detail()).contains(number, "non-finite");
    assertThat(value("numeric", number, "non-finite: omit")).isNull();
    assertThat(rejection(table(), "{\"v\":[" + number + "]}", "non-finite: omit").detail())
        .contains("within an object or array");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31T12:00:00+01:00, 2026-01-31T11:00:00Z",
    "2026-01-31 12:00:00+00, 2026-01-31T12:00:00Z",
    "2026-01-31 12:00:00, 2026-01-31T12:00:00Z",
    "2026-01-31, 2026-01-31T00:00:00Z",
  })
  void anEventTimeWithoutAZoneIsInUtc(String text, String instant) {
    assertThat(row(table("at text"), "{\"at\":\"" + text + "\"}", "time: $.at").eventTime())
        .isEqualTo(Instant.parse(instant));
  }

  @Test
  void unknownFieldsFollowThePolicy() {
    TableColumns columns = table("a bigint");
    String json = "{\"a\":1,\"b\":{\"c\":2},\"d\":\"\\\"\"}";
    assertThat(row(columns, json, "unknown-fields: drop").extra()).isNull();
    assertThat(row(columns, json, "unknown-fields: keep").extra())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"b\":{\"c\":2},\"d\":\"\\\"\"}");
    Rejection rejection = rejection(columns, json, "unknown-fields: reject");
    assertThat(rejection.reason()).isEqualTo(ReasonCode.FIELD_UNKNOWN);
    assertThat(rejection(columns, "{\"made\":1}").reason()).isEqualTo(ReasonCode.FIELD_UNKNOWN);
  }

  @Test
  void theEventTimeIsAFieldOrThePublishTime() {
    TableColumns columns = table("at timestamptz");
    assertThat(row(columns, "{}").eventTime()).isEqualTo(Messages.PUBLISHED_AT);
    assertThat(row(columns, "{\"at\":\"2026-01-01T00:00:00Z\"}", "time: $.at").eventTime())
        .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(rejection(columns, "{}", "time: $.at").reason()).isEqualTo(ReasonCode.FIELD_MISSING);
  }

  @Test
  void whatTheSourceCouldNotReadIsRejectedForThatReason() {
    Rejection broken = Rejection.of(ReasonCode.ENVELOPE_INVALID, "has no Message");
    Message message = Messages.of(ID, "{}");
    Decoded decoded =
        new Decoder(Settings.flights())
            .decode(
                new Message(message.topic(), message.payload(), message.origin(), broken),
                table(),
                Evolution.ALLOWED);
    assertThat(decoded).isEqualTo(new Decoded.Rejected(broken));
  }
}
