package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.testing.Ended;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RawConnection;
import dev.escala.testing.Tool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads whose answers are packed: the same rows, the same limits, the same ends. */
@Tag("integration")
class CompressedReadsTest {
  private static final int ROWS = 60_000;
  private static final String STREAM = "/db/big?order=id";
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  /** The fillers are hardly packed, so that sockets do not hold a whole stream. */
  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE big AS
          SELECT i AS id, (SELECT string_agg(md5((i * 20 + n)::text), '') FROM generate_series(1, 15) n) AS filler
            FROM generate_series(1, %d) i;
        CREATE VIEW failing AS SELECT i, 1 / (1700 - i) AS q FROM generate_series(1, 5000) i;
        CREATE ROLE packed_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON big TO packed_reader;
        CREATE DOMAIN "image/png" AS bytea;
        CREATE FUNCTION picture() RETURNS "image/png" IMMUTABLE LANGUAGE sql
          AS $$SELECT decode(repeat('89504e47', 1000), 'hex')$$;
        CREATE FUNCTION few() RETURNS SETOF big STABLE LANGUAGE sql
          AS $$SELECT * FROM big WHERE id <= 50 ORDER BY id$$;
        ANALYZE big\
        """
            .formatted(ROWS));
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static HttpResponse<InputStream> ask(String path, String... headers)
      throws IOException, InterruptedException {
    return served.client().send(served.request("GET", path, headers), BodyHandlers.ofInputStream());
  }

  private static InputStream unpacked(String coding, InputStream packed) throws IOException {
    return switch (coding) {
      case "gzip" -> new GZIPInputStream(packed);
      case "zstd" -> new ZstdInputStreamNoFinalizer(packed);
      default -> throw new AssertionError("not packed: " + coding);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /db/big?order=id&limit=20000                  | application/json
          /db/big?order=id&limit=20000                  | text/csv
          /db/big?order=id&limit=20000                  | application/x-ndjson
          /db/big?order=id&limit=100                    | application/json
          /db/big?order=id&limit=3                      | application/json
          /db/rpc/few                                   | application/json
          /db                                           | application/openapi+json\
          """)
  void whatIsUnpackedIsWhatOthersGet(String path, String form) throws Exception {
    HttpResponse<InputStream> plain = ask(path, "Accept", form);
    byte[] expected = plain.body().readAllBytes();
    assertThat(plain.statusCode()).isEqualTo(200);
    for (String coding : new String[] {"gzip", "zstd"}) {
      HttpResponse<InputStream> packed = ask(path, "Accept", form, "Accept-Encoding", coding);
      assertThat(packed.headers().firstValue("Content-Encoding")).as(path).hasValue(coding);
      assertThat(unpacked(coding, packed.body()).readAllBytes()).isEqualTo(expected);
      assertThat(packed.headers().firstValue("Content-Range"))
          .isEqualTo(plain.headers().firstValue("Content-Range"));
    }
  }

  @Test
  void answersToSqlArePackedToo() throws Exception {
    try (ServedDatabase reading =
        ServedDatabase.startFor(database, "packed_reader", ServedDatabase.SQL)) {
      String path = "/db?q=SELECT+*+FROM+big+WHERE+id+%3C+20";
      HttpResponse<InputStream> packed =
          reading
              .client()
              .send(
                  reading.request("GET", path, "Accept-Encoding", "zstd"),
                  BodyHandlers.ofInputStream());
      assertThat(packed.headers().firstValue("Vary")).hasValue("accept, Accept-Encoding");
      assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("zstd");
      assertThat(new String(unpacked("zstd", packed.body()).readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(reading.get(path).body());
    }
  }

  @Test
  void aPictureOfTheDatabaseIsLeftAlone() throws Exception {
    HttpResponse<InputStream> picture =
        ask("/db/rpc/picture", "Accept", "image/png", "Accept-Encoding", "gzip, zstd");
    assertThat(picture.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(picture.headers().firstValue("Vary"))
        .hasValueSatisfying(vary -> assertThat(vary).doesNotContain("Encoding"));
    assertThat(picture.body().readAllBytes()).hasSize(4000);
  }

  @Test
  void answersToAgentsArePackedToo() throws Exception {
    String message =
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}\
        """;
    HttpResponse<InputStream> answer =
        served
            .client()
            .send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + served.port() + "/db/mcp"))
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json, text/event-stream")
                    .header("Accept-Encoding", "gzip")
                    .POST(BodyPublishers.ofString(message))
                    .build(),
                BodyHandlers.ofInputStream());
    assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(new String(unpacked("gzip", answer.body()).readAllBytes(), StandardCharsets.UTF_8))
        .contains("\"tools\"");
  }

  @Test
  void errorsAreReadByWhoTakesNothingButPacked() throws Exception {
    HttpResponse<InputStream> error = ask("/db/nothing", "Accept-Encoding", "gzip, identity;q=0");
    assertThat(error.statusCode()).isEqualTo(404);
    assertThat(new String(unpacked("gzip", error.body()).readAllBytes(), StandardCharsets.UTF_8))
        .contains("PGRST205");
  }

  /** The line that tells why comes out, and then nothing that looks like an end. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void anErrorInTheMiddleIsToldAndBreaksThePackedAnswerOff(String coding) throws Exception {
    try (RawConnection reader = new RawConnection(served.port())) {
      reader.send(request("/db/failing?select=i,q", coding));
      byte[] packed = body(reader.everything());
      InputStream body = unpacked(coding, new ByteArrayInputStream(packed));
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      assertThatThrownBy(() -> body.transferTo(lines)).isInstanceOf(IOException.class);
      assertThat(lines.toString(StandardCharsets.UTF_8))
          .startsWith("{\"i\":1,")
          .contains("{\"error\":{\"code\":\"22012\"");
    }
    assertThat(served.observer.all(RequestFailed.class)).as("the fault of the view").isEmpty();
  }

  private static String request(String path, String coding) {
    return "GET %s HTTP/1.1\r\nHost: a\r\nAccept: application/x-ndjson\r\nAccept-Encoding: %s\r\n\r\n"
        .formatted(path, coding);
  }

  /** The chunks of an answer, put together; the last may be missing. */
  private static byte[] body(String said) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int position = said.indexOf("\r\n\r\n") + 4;
    while (position < said.length()) {
      int line = said.indexOf("\r\n", position);
      int length = Integer.parseInt(said.substring(position, line), 16);
      assertThat(length).as("a chunk, and not the end").isPositive();
      String chunk = said.substring(line + 2, line + 2 + length);
      body.writeBytes(chunk.getBytes(StandardCharsets.ISO_8859_1));
      position = line + 2 + length + 2;
    }
    return body.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void aReaderThatTakesItsTimeHoldsTheStreamAndGetsAllOfIt(String coding) throws Exception {
    HttpResponse<InputStream> answer =
        ask(STREAM, "Accept", "application/x-ndjson", "Accept-Encoding", coding);
    eventually(
        "the cursor waits for it",
        () -> transactions("state_change < clock_timestamp() - interval '300 ms'") == 1);
    String all = new String(unpacked(coding, answer.body()).readAllBytes(), StandardCharsets.UTF_8);
    assertThat(all.lines().filter(line -> line.startsWith("{\"id\":"))).hasSize(ROWS);
    eventually("the transaction has ended", () -> transactions("true") == 0);
  }

  @Test
  void aReaderThatLeavesGivesTheConnectionBack() throws Exception {
    for (int i = 0; i < 10; i++) {
      try (RawConnection reader = new RawConnection(served.port())) {
        reader.send(request(STREAM, "zstd"));
        assertThat(reader.take(1000)).isTrue();
      }
    }
    eventually("no transaction is left", () -> transactions("true") == 0);
  }

  @Test
  void aReaderThatStallsIsCutOff() throws Exception {
    try (ServedDatabase impatient =
            ServedDatabase.start(
                ServedDatabase.settings(
                    database.url(), ServedDatabase.POOLS.stalled(Duration.ofMillis(200))));
        RawConnection reader = new RawConnection(impatient.port())) {
      reader.send(request(STREAM, "gzip"));
      assertThat(reader.take(100)).isTrue();
      eventually("its transaction has ended", () -> transactions("true") == 0);
      assertThat(reader.everything()).doesNotEndWith("0\r\n\r\n");
      assertThat(impatient.observer.all(RequestFailed.class)).isEmpty();
    }
  }

  private static long transactions(String condition) {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE application_name = 'escala' AND datname = current_database()
          AND state <> 'idle' AND query LIKE '%%big%%' AND pid <> pg_backend_pid() AND %s\
        """
            .formatted(condition));
  }

  @Test
  void curlReadsThePackedAsThePlain(@TempDir Path folder) throws Exception {
    Tool curl = new Tool("curl", "curl");
    curl.require();
    String url = "http://localhost:" + served.port() + "/db/big?order=id&limit=5000";
    Ended plain = curl.run(folder, "-sS", "--fail", url);
    assertThat(plain.output()).hasSizeGreaterThan(2_000_000);
    for (String version : new String[] {"--http1.1", "--http2-prior-knowledge"}) {
      Ended packed = curl.run(folder, "-sS", "--fail", "--compressed", version, "-D", "head", url);
      assertThat(packed.exitCode()).isZero();
      assertThat(packed.output()).isEqualTo(plain.output());
      assertThat(folder.resolve("head")).content().containsIgnoringCase("content-encoding: ");
    }
  }

  @Test
  void nodeReadsThePackedAsThePlain(@TempDir Path folder) throws Exception {
    Tool node = new Tool("node", "nodejs");
    node.require();
    String script =
        """
        const url = 'http://localhost:%d/db/big?order=id&limit=5000';
        const packed = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
        const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
        const same = await packed.text() === await plain.text();
        console.log(packed.headers.get('content-encoding'), plain.headers.get('content-encoding'), same);
        """
            .formatted(served.port());
    Ended ended = node.run(folder, "--input-type=module", "-e", script);
    assertThat(ended.output()).isEqualTo("gzip null true\n");
  }

  @Test
  void pythonReadsThePackedAsThePlain(@TempDir Path folder) throws Exception {
    Tool python = new Tool("python3", "python3");
    python.require();
    String script =
        """
        import urllib.request, zlib
        url = 'http://localhost:%d/db/big?order=id&limit=5000'
        plain = urllib.request.urlopen(url).read()
        asked = urllib.request.Request(url, headers={'Accept-Encoding': 'gzip'})
        unpack = zlib.decompressobj(31)
        body = unpack.decompress(urllib.request.urlopen(asked).read())
        print(body == plain, unpack.eof, len(unpack.unused_data))
        """
            .formatted(served.port());
    assertThat(python.run(folder, "-c", script).output()).isEqualTo("True True 0\n");
  }
}
