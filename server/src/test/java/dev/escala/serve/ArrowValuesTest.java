package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each type of PostgreSQL in an answer of Apache Arrow, as the project's own library reads it. */
@Tag("integration")
class ArrowValuesTest {
  private static final String TYPE = "application/vnd.apache.arrow.stream";
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TYPE mood AS ENUM ('sad', 'so, so');
        CREATE DOMAIN few AS int;
        CREATE TYPE pair AS (a int, b text);
        CREATE TABLE v (
          id int PRIMARY KEY, flag boolean, i2 smallint, i8 bigint, few few, f4 real, f8 float8,
          price numeric(10,2), huge numeric(38,0), tiny numeric(38,38), wide numeric(39,2),
          bent numeric(2,4), rough numeric(5,-2), any_number numeric,
          t text, vc varchar(9), fixed char(4), one "char", n name, u uuid, octets bytea,
          d date, clock time, local timestamp, instant timestamptz, took interval, zoned timetz,
          j json, jb jsonb, mood mood, pair pair, host inet, money money, bits bit(3), doc xml,
          flags boolean[], i2s smallint[], numbers int[], i8s bigint[], f4s real[], f8s float8[],
          prices numeric(10,2)[], numerics numeric[], words text[], vcs varchar[], uuids uuid[],
          blobs bytea[], days date[], clocks time[], locals timestamp[], instants timestamptz[],
          trees jsonb[], moods mood[], hosts inet[], tooks interval[]);
        INSERT INTO v (id) VALUES (2);
        INSERT INTO v VALUES
          (1, true, 32767, 9223372036854775807, 7, 1.5, 'NaN', -12345678.90,
           99999999999999999999999999999999999999, 0.00000000000000000000000000000000000001,
           1.25, 0.0012, 12300, 1.230, 'é😀' || chr(10) || '"', 'vc', 'ab', 'c', 'n',
           '00000000-0000-0000-0000-0000000000ff', '\\x00ff', '2026-02-28', '23:59:59.999999',
           '1969-12-31 23:59:59.999999', '2026-01-01 12:00+02', '1 mon 2 days 03:00:00.000004', '10:00+02',
           '{"b": 1}', '{"b": [1, null]}', 'so, so', '(1,"x y")', '10.0.0.1', 1234.5, B'101', '<a>x</a>',
           '{t,NULL,f}', '{1,-32768}', '{1,NULL,3}', '{9223372036854775807}', '{1.5}', '{-Infinity}',
           '{1.10,NULL,-3.00}', '{1.10,2}', '{"a,b",NULL,""}', '{vc}', '{00000000-0000-0000-0000-0000000000ff}',
           '{"\\\\x00ff"}', '{2026-02-28}', '{12:00:00}', '{2026-01-01 00:00:00}', '{2026-01-01 00:00:00Z}',
           '{"{\\"b\\": 1}"}', '{sad,"so, so"}', '{10.0.0.1}', '{1 day}');
        INSERT INTO v (id, flag, i2, i8, few, f4, f8, price, huge, tiny, any_number, t, octets, d, clock, local, instant,
            flags, numbers, words) VALUES
          (3, false, -32768, -9223372036854775808, 0, '-Infinity', '-0', 99999999.99,
           -99999999999999999999999999999999999999, -0.99999999999999999999999999999999999999,
           'NaN', '', '', '4713-01-01 BC', '00:00', '4713-01-01 BC', '294246-12-31 23:59:59.999999Z', '{}', '{}', '{}');
        CREATE TABLE odd (id int PRIMARY KEY, d date, local timestamp, instant timestamptz, clock time, price numeric(4,1),
          grid int[], words text[], instants timestamptz[]);
        INSERT INTO odd VALUES (1, 'infinity', '-infinity', 'infinity', '24:00', 'NaN', '{{1,2},{3,4}}', '{{a},{b}}', '{infinity}'),
          (2, '5874897-12-31', '294276-12-31', '294276-12-31Z', '12:00', 1, '{1}', '{a}', '{2026-01-01Z}');
        CREATE TABLE fresh (price numeric(4,1));
        INSERT INTO fresh VALUES (1.5);
        CREATE TABLE part (id int PRIMARY KEY, whole int REFERENCES v);
        INSERT INTO part VALUES (1, 1);
        CREATE FUNCTION few_rows(many int) RETURNS TABLE (id int, name text) STABLE LANGUAGE sql
          AS $$ SELECT i, 'n' || i FROM generate_series(1, many) i $$;
        CREATE FUNCTION one_pair() RETURNS pair STABLE LANGUAGE sql AS $$ SELECT (7, 'seven')::pair $$;
        CREATE FUNCTION answer() RETURNS int STABLE LANGUAGE sql AS 'SELECT 42';
        CREATE FUNCTION nothing() RETURNS void STABLE LANGUAGE sql AS '';
        CREATE ROLE arrow_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO arrow_reader\
        """);
    served = ServedDatabase.startFor(database, "arrow_reader", ServedDatabase.SQL);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static ArrowAnswer read(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        served
            .client()
            .send(served.request("GET", path, "Accept", TYPE), BodyHandlers.ofByteArray());
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isBetween(200, 206);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(TYPE);
    return ArrowAnswer.of(answer.body());
  }

  private static List<@Nullable Object> column(String name)
      throws IOException, InterruptedException {
    return read("/db/v?order=id&select=" + name).column(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flag|Bool",
        "i2|Int(16, true)",
        "id|Int(32, true)",
        "few|Int(32, true)",
        "i8|Int(64, true)",
        "f4|FloatingPoint(SINGLE)",
        "f8|FloatingPoint(DOUBLE)",
        "price|Decimal(10, 2, 128)",
        "huge|Decimal(38, 0, 128)",
        "tiny|Decimal(38, 38, 128)",
        "wide|Utf8",
        "bent|Utf8",
        "rough|Utf8",
        "any_number|Utf8",
        "t|Utf8",
        "u|Utf8",
        "octets|Binary",
        "d|Date(DAY)",
        "clock|Time(MICROSECOND, 64)",
        "local|Timestamp(MICROSECOND, null)",
        "instant|Timestamp(MICROSECOND, UTC)",
        "took|Utf8",
        "jb|Utf8",
        "mood|Utf8",
        "pair|Utf8",
        "numbers|List<Int(32, true)>",
        "prices|List<Decimal(10, 2, 128)>",
        "numerics|List<Utf8>",
        "clocks|List<Time(MICROSECOND, 64)>",
        "moods|List<Utf8>",
        "tooks|List<Utf8>"
      })
  void aColumnHasItsType(String column, String type) throws IOException, InterruptedException {
    assertThat(read("/db/v?limit=0&select=" + column).types()).isEqualTo(column + " " + type);
  }

  @Test
  void numbersAreThemselves() throws IOException, InterruptedException {
    assertThat(column("flag")).containsExactly(true, null, false);
    assertThat(column("i2")).containsExactly((short) 32767, null, (short) -32768);
    assertThat(column("i8")).containsExactly(Long.MAX_VALUE, null, Long.MIN_VALUE);
    assertThat(column("few")).containsExactly(7, null, 0);
    assertThat(column("f4")).containsExactly(1.5f, null, Float.NEGATIVE_INFINITY);
    assertThat(column("f8")).containsExactly(Double.NaN, null, -0.0);
    assertThat(column("price"))
        .containsExactly(new BigDecimal("-12345678.90"), null, new BigDecimal("99999999.99"));
    BigDecimal huge = new BigDecimal("9".repeat(38));
    assertThat(column("huge")).containsExactly(huge, null, huge.negate());
    assertThat(column("tiny"))
        .containsExactly(
            new BigDecimal("0." + "0".repeat(37) + "1"),
            null,
            new BigDecimal("-0." + "9".repeat(38)));
    assertThat(column("any_number")).containsExactly("1.230", null, "NaN");
    assertThat(column("wide").getFirst()).isEqualTo("1.25");
    assertThat(column("bent").getFirst()).isEqualTo("0.0012");
    assertThat(column("rough").getFirst()).isEqualTo("12300");
  }

  @Test
  void pointsInTimeHaveMicroseconds() throws IOException, InterruptedException {
    assertThat(column("d"))
        .containsExactly(
            (int) LocalDate.of(2026, 2, 28).toEpochDay(),
            null,
            (int) LocalDate.of(-4712, 1, 1).toEpochDay());
    assertThat(column("clock"))
        .containsExactly(LocalTime.parse("23:59:59.999999").toNanoOfDay() / 1000, null, 0L);
    LocalDateTime last = LocalDateTime.parse("1969-12-31T23:59:59.999999");
    assertThat(column("local").getFirst()).isEqualTo(last);
    assertThat(column("instant"))
        .containsExactly(
            micros(Instant.parse("2026-01-01T10:00:00Z")),
            null,
            micros(Instant.parse("+294246-12-31T23:59:59.999999Z")));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vc|vc",
        "fixed|ab  ",
        "one|c",
        "n|n",
        "u|00000000-0000-0000-0000-0000000000ff",
        "took|1 mon 2 days 03:00:00.000004",
        "zoned|10:00:00+02",
        "j|{\"b\": 1}",
        "jb|{\"b\": [1, null]}",
        "mood|so, so",
        "pair|(1,\"x y\")",
        "host|10.0.0.1",
        "money|$1,234.50",
        "bits|101",
        "doc|<a>x</a>"
      })
  void whatHasNoTypeIsPrinted(String column, String printed)
      throws IOException, InterruptedException {
    assertThat(read("/db/v?id=lte.2&order=id&select=" + column).column(column))
        .containsExactly(column.equals("fixed") ? "ab  " : printed, null);
  }

  @Test
  void textsAndOctets() throws IOException, InterruptedException {
    assertThat(column("t")).containsExactly("é😀\n\"", null, "");
    assertThat(column("octets"))
        .usingElementComparator((a, b) -> a == b ? 0 : Arrays.compare((byte[]) a, (byte[]) b))
        .containsExactly(new byte[] {0, -1}, null, new byte[0]);
  }

  @Test
  void arraysAreLists() throws IOException, InterruptedException {
    assertThat(column("flags")).containsExactly(Arrays.asList(true, null, false), null, List.of());
    assertThat(column("numbers")).containsExactly(Arrays.asList(1, null, 3), null, List.of());
    assertThat(column("words")).containsExactly(Arrays.asList("a,b", null, ""), null, List.of());
    assertThat(first("i2s")).isEqualTo(List.of((short) 1, (short) -32768));
    assertThat(first("i8s")).isEqualTo(List.of(Long.MAX_VALUE));
    assertThat(first("f4s")).isEqualTo(List.of(1.5f));
    assertThat(first("f8s")).isEqualTo(List.of(Double.NEGATIVE_INFINITY));
    assertThat(first("prices"))
        .isEqualTo(Arrays.asList(new BigDecimal("1.10"), null, new BigDecimal("-3.00")));
    assertThat(first("numerics")).isEqualTo(List.of("1.10", "2"));
    assertThat(first("vcs")).isEqualTo(List.of("vc"));
    assertThat(first("uuids")).isEqualTo(List.of("00000000-0000-0000-0000-0000000000ff"));
    assertThat((List<?>) first("blobs")).singleElement().isEqualTo(new byte[] {0, -1});
    assertThat(first("days")).isEqualTo(List.of((int) LocalDate.of(2026, 2, 28).toEpochDay()));
    assertThat(first("clocks")).isEqualTo(List.of(Duration.ofHours(12).toNanos() / 1000));
    assertThat(first("locals")).isEqualTo(List.of(LocalDateTime.of(2026, 1, 1, 0, 0)));
    assertThat(first("instants")).isEqualTo(List.of(micros(Instant.parse("2026-01-01T00:00:00Z"))));
    assertThat(first("trees")).isEqualTo(List.of("{\"b\": 1}"));
    assertThat(first("moods")).isEqualTo(List.of("sad", "so, so"));
    assertThat(first("hosts")).isEqualTo(List.of("10.0.0.1/32"));
    assertThat(first("tooks")).isEqualTo(List.of("1 day"));
  }

  private static @Nullable Object first(String column) throws IOException, InterruptedException {
    return column(column).getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"d", "local", "instant", "clock", "grid", "words", "instants"})
  void whatHasNoPlaceIsAnErrorAndNotAnotherValue(String column)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = served.get("/db/odd?order=id&format=arrow&select=" + column);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("ESC152", "::text");
    assertThat(served.sql("select " + column + " from odd", "&format=arrow").body())
        .contains("ESC152");
    assertThat(read("/db/odd?id=eq.1&select=" + column + "::text").column(column))
        .doesNotContainNull();
  }

  /** Of SQL nobody knows the digits that a column has, so it is a text there. */
  @Test
  void noDecimalIsNoNumber() throws IOException, InterruptedException {
    assertThat(served.get("/db/odd?order=id&format=arrow&select=price").body()).contains("ESC152");
    assertThat(read("/db?q=select+price+from+odd+order+by+id").column("price"))
        .containsExactly("NaN", "1.0");
  }

  @Test
  void theEdgesOfTime() throws IOException, InterruptedException {
    assertThat(served.get("/db/odd?id=eq.2&format=arrow&select=local").body()).contains("ESC152");
    assertThat(read("/db/odd?id=eq.2&select=d").column("d"))
        .containsExactly((int) LocalDate.of(5_874_897, 12, 31).toEpochDay());
  }

  @Test
  void anEmptyAnswerHasASchema() throws IOException, InterruptedException {
    ArrowAnswer empty = read("/db/v?id=eq.0&select=id,t");
    assertThat(empty.types()).isEqualTo("id Int(32, true), t Utf8");
    assertThat(empty.batches()).isEmpty();
  }

  @Test
  void eachColumnHasANameOfItsOwn() throws IOException, InterruptedException {
    assertThat(read("/db/v?id=eq.1&select=id,id,id_2:i2,id").rows().getFirst().keySet())
        .containsExactly("id", "id_3", "id_2", "id_4");
    assertThat(read("/db?q=select+1+as+a,2+as+a,3").rows().getFirst())
        .containsEntry("a", 1)
        .containsEntry("a_2", 2)
        .containsEntry("?column?", 3);
  }

  @Test
  void rowsWithoutColumnsAreCounted() throws IOException, InterruptedException {
    assertThat(read("/db/v?select=").batches()).containsExactly(3);
  }

  @Test
  void whatIsEmbeddedIsJson() throws IOException, InterruptedException {
    assertThat(read("/db/part?select=id,v(id,flag)").rows().getFirst())
        .containsEntry("v", "{\"id\":1,\"flag\":true}");
    assertThat(read("/db/part?select=id,...v(price)").rows().getFirst())
        .containsEntry("price", new BigDecimal("-12345678.90"));
  }

  @Test
  void aggregatesAndCasts() throws IOException, InterruptedException {
    assertThat(read("/db/v?select=id.count(),id.sum(),id.avg(),mean:id.avg()::float8").rows())
        .singleElement()
        .isEqualTo(
            java.util.Map.of("count", 3L, "sum", 6L, "avg", "2.0000000000000000", "mean", 2.0));
  }

  @Test
  void functionsAndPages() throws IOException, InterruptedException {
    assertThat(read("/db/rpc/few_rows?many=3&id=gt.1").column("name")).containsExactly("n2", "n3");
    assertThat(read("/db/rpc/one_pair").rows())
        .containsExactly(java.util.Map.of("a", 7, "b", "seven"));
    assertThat(read("/db/rpc/answer").rows()).containsExactly(java.util.Map.of("answer", 42));
    assertThat(served.get("/db/rpc/nothing", "Accept", TYPE).statusCode()).isEqualTo(204);
    HttpResponse<String> page =
        served.get(
            "/db/v?select=id&order=id&limit=2&after=", "Accept", TYPE, "Prefer", "count=exact");
    assertThat(ServedDatabase.header(page, "Link")).contains("rel=\"next\"");
    assertThat(ServedDatabase.header(page, "Content-Range")).endsWith("/3");
    assertThat(page.statusCode()).isEqualTo(206);
  }

  @Test
  void sqlToo() throws IOException, InterruptedException {
    ArrowAnswer answer =
        read(
            "/db?format=arrow&n=7&q=select+:n::int+as+n,+price,numbers,moods,instant+from+v+order+by+id");
    assertThat(answer.types())
        .isEqualTo(
            "n Int(32, true), price Utf8, numbers List<Int(32, true)>, moods Utf8,"
                + " instant Timestamp(MICROSECOND, UTC)");
    assertThat(answer.rows().getFirst())
        .containsEntry("n", 7)
        .containsEntry("price", "-12345678.90")
        .containsEntry("moods", "{sad,\"so, so\"}")
        .containsEntry("numbers", Arrays.asList(1, null, 3));
  }

  @Test
  void aHeadHasNoBody() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        served.client().send(served.request("HEAD", "/db/v?format=arrow"), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(TYPE);
  }

  /** The catalog learns of the other precision when a value does not fit the old one. */
  @Test
  void aDecimalThatWasJustDeclaredAnewIsReadAsItIs() throws IOException, InterruptedException {
    assertThat(read("/db/fresh").types()).isEqualTo("price Decimal(4, 1, 128)");
    database.execute(
        "ALTER TABLE fresh ALTER price TYPE numeric(9,1); INSERT INTO fresh VALUES (12345678.9)");
    ArrowAnswer answer = read("/db/fresh");
    assertThat(answer.types()).isEqualTo("price Decimal(9, 1, 128)");
    assertThat(answer.column("price")).contains(new BigDecimal("12345678.9"));
  }
}
