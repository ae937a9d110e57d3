package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.publish.FileFormat;
import dev.escala.publish.MessageFile;
import dev.escala.testing.PostgresServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of Apache Parquet, as a library reads them that has nothing of ours. */
@Tag("integration")
class ParquetTest {
  private static final String TYPE = "application/vnd.apache.parquet";
  private static final int ROWS = 60_000;
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE v (id int PRIMARY KEY, flag boolean, i2 smallint, i8 bigint, f4 real, f8 float8,
          price numeric(10,2), huge numeric(38,0), any_number numeric, t text, u uuid, octets bytea, d date, clock time,
          local timestamp, instant timestamptz, jb jsonb, flags boolean[], i2s smallint[], numbers int[], words text[],
          prices numeric(10,2)[], instants timestamptz[]);
        INSERT INTO v (id) VALUES (2);
        INSERT INTO v VALUES
          (1, true, -32768, 9223372036854775807, 1.5, '-Infinity', -12345678.90, 99999999999999999999999999999999999999,
           1.230, 'é😀', '00000000-0000-0000-0000-0000000000ff', '\\x00ff', '2026-02-28', '23:59:59.999999',
           '1969-12-31 23:59:59.999999', '2026-01-01 12:00+02', '{"b": [1, null]}', '{t,NULL,f}', '{1,-2,NULL}',
           '{1,NULL,3}', '{"a,b",NULL,""}', '{1.10,NULL,-3.00}', '{2026-01-01 00:00:00Z}'),
          (3, false, 32767, -9223372036854775808, 0, 0, 0.01, -99999999999999999999999999999999999999, 'NaN', '',
           '00000000-0000-0000-0000-000000000000', '', '0001-01-01', '00:00', '0001-01-01', '0001-01-01 00:00Z', '1',
           '{}', '{}', '{}', '{}', '{}', '{}');
        CREATE TABLE big AS SELECT i AS id, CASE WHEN i %% 3 > 0 THEN repeat('x', i %% 500) END AS filler,
          CASE WHEN i %% 5 > 0 THEN ARRAY(SELECT generate_series(1, i %% 4)) END AS list, i %% 2 = 0 AS even
          FROM generate_series(1, %1$d) i;
        CREATE VIEW failing AS SELECT 1 / (%1$d - id) AS q, filler FROM big;
        CREATE FUNCTION few_rows(many int) RETURNS TABLE (id int, name text) STABLE LANGUAGE sql
          AS $$ SELECT i, 'n' || i FROM generate_series(1, many) i $$;
        CREATE ROLE parquet_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO parquet_reader\
        """
            .formatted(ROWS));
    served = ServedDatabase.startFor(database, "parquet_reader", ServedDatabase.SQL);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static ParquetAnswer read(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        served
            .client()
            .send(served.request("GET", path, "Accept", TYPE), BodyHandlers.ofByteArray());
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isBetween(200, 206);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(TYPE);
    return ParquetAnswer.of(answer.body());
  }

  @Test
  void eachTypeIsItself() throws IOException, InterruptedException {
    ParquetAnswer answer = read("/db/v?order=id");
    assertThat(answer.column("flag")).containsExactly(true, null, false);
    assertThat(answer.column("i2")).containsExactly((short) -32768, null, (short) 32767);
    assertThat(answer.column("i8")).containsExactly(Long.MAX_VALUE, null, Long.MIN_VALUE);
    assertThat(answer.column("f4")).containsExactly(1.5f, null, 0f);
    assertThat(answer.column("f8")).containsExactly(Double.NEGATIVE_INFINITY, null, 0.0);
    assertThat(answer.column("price"))
        .containsExactly(new BigDecimal("-12345678.90"), null, new BigDecimal("0.01"));
    BigDecimal huge = new BigDecimal("9".repeat(38));
    assertThat(answer.column("huge")).containsExactly(huge, null, huge.negate());
    assertThat(answer.column("any_number")).containsExactly("1.230", null, "NaN");
    assertThat(answer.column("t")).containsExactly("é😀", null, "");
    assertThat(answer.column("u").getFirst()).isEqualTo("00000000-0000-0000-0000-0000000000ff");
    assertThat(answer.column("octets").getFirst()).isEqualTo(new byte[] {0, -1});
    assertThat(answer.column("octets").getLast()).isEqualTo(new byte[0]);
    assertThat(answer.column("jb")).containsExactly("{\"b\": [1, null]}", null, "1");
  }

  /** What was read here can be published there. */
  @Test
  void anAnswerIsAFileOfMessages() throws Exception {
    String path =
        "/db/v?order=id&select=id,flag,i8,f8,price,huge,t,octets,d,clock,local,instant,jb,words,prices";
    byte[] body =
        served
            .client()
            .send(served.request("GET", path, "Accept", TYPE), BodyHandlers.ofByteArray())
            .body();
    List<String> messages = new ArrayList<>();
    try (MessageFile file =
        MessageFile.open(new ByteArrayInputStream(body), new MessageFile.Reading(null, true))) {
      assertThat(file.format()).isEqualTo(FileFormat.PARQUET);
      for (Optional<String> next = file.next(); next.isPresent(); next = file.next()) {
        messages.add(next.get());
      }
    }
    assertThat(messages)
        .hasSize(3)
        .contains(
            """
            {"id":1,"flag":true,"i8":9223372036854775807,"f8":-Infinity,"price":-12345678.90,\
            "huge":99999999999999999999999999999999999999,"t":"é😀","octets":"\\\\x00ff",\
            "d":"2026-02-28","clock":"23:59:59.999999","local":"1969-12-31T23:59:59.999999",\
            "instant":"2026-01-01T10:00:00Z","jb":"{\\"b\\": [1, null]}","words":["a,b",null,""],\
            "prices":[1.10,null,-3.00]}\
            """)
        .element(1)
        .asString()
        .startsWith("{\"id\":2,\"flag\":null,\"i8\":null,");
  }

  @Test
  void pointsInTimeHaveMicroseconds() throws IOException, InterruptedException {
    ParquetAnswer answer = read("/db/v?order=id&select=d,clock,local,instant,instants");
    assertThat(answer.column("d"))
        .containsExactly(LocalDate.of(2026, 2, 28), null, LocalDate.of(1, 1, 1));
    assertThat(answer.column("clock"))
        .containsExactly(LocalTime.parse("23:59:59.999999"), null, LocalTime.MIDNIGHT);
    assertThat(answer.column("local"))
        .containsExactly(
            LocalDateTime.parse("1969-12-31T23:59:59.999999"),
            null,
            LocalDateTime.parse("0001-01-01T00:00:00"));
    assertThat(answer.column("instant"))
        .containsExactly(
            Instant.parse("2026-01-01T10:00:00Z"), null, Instant.parse("0001-01-01T00:00:00Z"));
    assertThat(answer.column("instants"))
        .containsExactly(List.of(Instant.parse("2026-01-01T00:00:00Z")), null, List.of());
  }

  @Test
  void arraysAreLists() throws IOException, InterruptedException {
    ParquetAnswer answer = read("/db/v?order=id&select=flags,i2s,numbers,words,prices");
    assertThat(answer.column("flags"))
        .containsExactly(Arrays.asList(true, null, false), null, List.of());
    assertThat(answer.column("i2s"))
        .containsExactly(Arrays.asList((short) 1, (short) -2, null), null, List.of());
    assertThat(answer.column("numbers"))
        .containsExactly(Arrays.asList(1, null, 3), null, List.of());
    assertThat(answer.column("words"))
        .containsExactly(Arrays.asList("a,b", null, ""), null, List.of());
    assertThat(answer.column("prices"))
        .containsExactly(
            Arrays.asList(new BigDecimal("1.10"), null, new BigDecimal("-3.00")), null, List.of());
  }

  @Test
  void aLongAnswerHasSeveralGroups() throws IOException, InterruptedException {
    ParquetAnswer answer = read("/db/big?order=id&format=parquet");
    assertThat(answer.groups()).hasSizeGreaterThan(1).doesNotContain(0L);
    List<Integer> ids = IntStream.rangeClosed(1, ROWS).boxed().toList();
    assertThat(answer.column("id")).isEqualTo(ids);
    assertThat(answer.column("filler"))
        .isEqualTo(ids.stream().map(i -> i % 3 > 0 ? "x".repeat(i % 500) : null).toList());
    assertThat(answer.column("list"))
        .isEqualTo(
            ids.stream()
                .map(i -> i % 5 > 0 ? IntStream.rangeClosed(1, i % 4).boxed().toList() : null)
                .toList());
    assertThat(answer.column("even")).isEqualTo(ids.stream().map(i -> i % 2 == 0).toList());
  }

  @Test
  void anEmptyAnswerHasASchema() throws IOException, InterruptedException {
    ParquetAnswer empty = read("/db/v?id=eq.0&select=id,t,numbers");
    assertThat(empty.rows()).isEmpty();
    assertThat(empty.groups()).isEmpty();
    assertThat(empty.schema()).contains("int32 id", "t (STRING)", "numbers (LIST)");
  }

  @Test
  void functionsAndSql() throws IOException, InterruptedException {
    assertThat(read("/db/rpc/few_rows?many=3&id=gt.1").column("name")).containsExactly("n2", "n3");
    assertThat(read("/db?format=parquet&q=select+1+as+a,2+as+a").rows())
        .containsExactly(Map.of("a", 1, "a_2", 2));
    HttpResponse<String> cutOff =
        served.sql("select id, filler from big where id > 200", "&format=parquet");
    assertThat(cutOff.statusCode()).isEqualTo(206);
    assertThat(ServedDatabase.header(cutOff, "Escala-Truncated")).isEqualTo("bytes");
  }

  @Test
  void aHeadHasNoBody() {
    HttpResponse<String> answer = served.send("HEAD", "/db/big?format=parquet");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(ServedDatabase.header(answer, "Content-Type")).isEqualTo(TYPE);
  }

  @Test
  void whatBreaksOffIsNoFile() throws IOException {
    byte[] octets = everything("/db/failing?format=parquet");
    int body = new String(octets, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
    assertThat(new String(octets, 0, body, StandardCharsets.ISO_8859_1)).contains("200 OK");
    byte[] file = Arrays.copyOfRange(octets, body, octets.length);
    assertThat(file.length).as("a group is out").isGreaterThan(1 << 20);
    assertThatThrownBy(() -> ParquetAnswer.of(file)).isInstanceOf(IOException.class);
  }

  private static byte[] everything(String path) throws IOException {
    try (Socket socket = new Socket("localhost", served.port())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.apache.parquet;q=0, application/vnd.apache.arrow.stream;q=0",
        "application/x-parquet"
      })
  void otherTypesAreNotAcceptable(String accept) {
    assertThat(served.get("/db/v", "Accept", accept).statusCode()).isEqualTo(406);
    assertThat(served.sql("select 1", "", "Accept", accept).statusCode()).isEqualTo(406);
  }
}
