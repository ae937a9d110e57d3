package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.testing.StoppablePostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an outage of the database does to reads: they are refused for now, or visibly cut off. */
@Tag("integration")
class ReadOutageTest {
  /** One whole answer, one streamed, one counted, one in SQL. */
  private static final List<String> READS =
      List.of("/db/small?id=eq.1", "/db/small", "/db/small?limit=1", "/db?q=select+id+from+small");

  private static final String ROWS = "[{\"id\":1}]";

  @TempDir static Path directory;
  private static StoppablePostgres postgres;

  private ServedDatabase served;

  @BeforeAll
  static void startPostgres() {
    postgres = new StoppablePostgres(directory.resolve("data"));
    postgres
        .database()
        .execute(
            """
            CREATE ROLE reader LOGIN PASSWORD 'secret';
            CREATE TABLE small (id int PRIMARY KEY);
            INSERT INTO small VALUES (1);
            CREATE TABLE big AS SELECT i AS id, repeat('x', 1000) AS filler FROM generate_series(1, 100000) i;
            GRANT SELECT ON small, big TO reader\
            """);
  }

  @AfterAll
  static void closePostgres() {
    postgres.close();
  }

  @BeforeEach
  void serve() {
    postgres.start();
    served = server();
    eventually("reads are answered", () -> answered(READS));
  }

  @AfterEach
  void stopServing() {
    served.close();
  }

  private static ServedDatabase server() {
    var url = postgres.database().url();
    return new ServedDatabase(
        ServedDatabase.settings(
            url, Optional.of(ServedDatabase.login(url, "reader")), ServedDatabase.SQL));
  }

  private boolean answered(List<String> reads) {
    return reads.stream().allMatch(read -> served.get(read).body().equals(ROWS));
  }

  @Test
  void readsAreRefusedForNowAndWorkAgainAfterwards() {
    postgres.stop();
    for (String read : READS) {
      isRefusedForNow(served.get(read));
      isRefusedForNow(served.get(read, "Prefer", "count=exact"));
    }
    assertThat(served.get("/db").statusCode()).as("the catalog is in memory").isEqualTo(200);
    postgres.start();
    eventually("reads are answered again", () -> answered(READS));
  }

  @Test
  void aServerThatStartsDuringTheOutageServesAfterIt() {
    served.close();
    postgres.stop();
    served = server();
    isRefusedForNow(served.get("/db"));
    READS.forEach(read -> isRefusedForNow(served.get(read)));
    postgres.start();
    eventually("reads are answered", () -> answered(READS));
  }

  private static void isRefusedForNow(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(answer.body())
        .isEqualTo(
            "{\"code\":\"ESC001\",\"details\":null,\"hint\":\"Try again in a second.\","
                + "\"message\":\"The database does not answer\"}");
  }

  @Test
  void readsThatAreUnderWayAreWholeOrRefused() {
    AtomicBoolean stopped = new AtomicBoolean();
    ConcurrentLinkedQueue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (String read : READS) {
      readers.add(
          CompletableFuture.runAsync(
              () -> {
                while (!stopped.get()) {
                  answers.add(served.get(read));
                }
              },
              work -> Thread.ofVirtual().start(work)));
    }
    try {
      for (int outage = 0; outage < 3; outage++) {
        answers.clear();
        eventually(
            "reads run", () -> answers.stream().anyMatch(answer -> answer.statusCode() == 200));
        postgres.stop();
        eventually(
            "they are refused",
            () -> answers.stream().anyMatch(answer -> answer.statusCode() == 503));
        assertThat(answers)
            .allSatisfy(
                answer -> {
                  if (answer.statusCode() == 200) {
                    assertThat(answer.body()).isEqualTo(ROWS);
                  } else {
                    isRefusedForNow(answer);
                  }
                });
        postgres.start();
      }
    } finally {
      stopped.set(true);
    }
    readers.forEach(CompletableFuture::join);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/x-ndjson", "text/csv"})
  void aStreamThatIsCutOffIsNoWholeAnswer(String form) throws IOException {
    HttpResponse<InputStream> answer =
        served
            .client()
            .sendAsync(
                served.request("GET", "/db/big", "Accept", form), BodyHandlers.ofInputStream())
            .join();
    assertThat(answer.statusCode()).isEqualTo(200);
    try (InputStream body = answer.body()) {
      assertThat(body.read()).isPositive();
      postgres.stop();
      assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }
  }
}
