package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The database fails in the middle of a large request: what is told is what is stored. */
@Tag("integration")
class PartlyStoredTest {
  private static final String CONFIGURATION =
      """
      databases: {db: {url: "${URL}"}}
      topics:    {readings: {table: db.readings}}
      ingest:    {longest-backoff: 200ms}
      canary:    {enabled: false}
      """;

  private final Database database = PostgresServer.newDatabase();
  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.start(CONFIGURATION, database, Map.of());
    database.execute(
        """
        CREATE TABLE readings (n bigint);
        CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF NEW.n = 7000 THEN
              RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
            END IF;
            RETURN NEW;
          END $$;
        CREATE TRIGGER fill BEFORE INSERT ON readings FOR EACH ROW EXECUTE FUNCTION fill()
        """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj("{\"n\":%d}"::formatted)
        .collect(Collectors.joining("\n"));
  }

  private HttpResponse<String> publish(int from, int to, String... headers) {
    return server.post("/topics/readings", lines(from, to), headers);
  }

  private double messages(String outcome) {
    return server.metric("ingest_rows_total", "result=\"" + outcome + "\"");
  }

  private void repairTheDisk() {
    database.execute("DROP TRIGGER fill ON readings");
    eventually(
        "intake is resumed", () -> server.metric("ingest_paused", "topic=\"readings\"") == 0);
  }

  @Test
  void whatWasCommittedBeforeTheErrorIsToldAndCountedAsStored() {
    HttpResponse<String> answer = publish(0, 10_000);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body())
        .contains("\"code\":\"ESC001\"")
        .contains("\"received\":10000,\"stored\":5000,\"duplicates\":0")
        .contains("\"returned\":[[5000,9999]],\"returned_total\":5000");
    assertThat(database.count("SELECT count(*) FROM readings")).isEqualTo(5000);
    assertThat(messages("stored")).isEqualTo(5000);
    assertThat(messages("returned")).isEqualTo(5000);

    repairTheDisk();
    HttpResponse<String> rest = publish(5000, 10_000);
    assertThat(rest.body()).contains("\"received\":5000,\"stored\":5000");
    assertThat(database.rows("SELECT count(*), count(DISTINCT n) FROM readings"))
        .containsExactly("10000|10000");
    assertThat(server.metric("ingest_messages_received_total", "topic=\"readings\""))
        .isEqualTo(15_000)
        .isEqualTo(messages("stored") + messages("returned"));
  }

  @Test
  void aRepeatWithItsIdempotencyKeyStoresTheRestAlone() {
    String[] key = {"Idempotency-Key", "readings-of-today"};
    assertThat(publish(0, 10_000, key).body()).contains("\"stored\":5000");
    repairTheDisk();
    assertThat(publish(0, 10_000, key).body())
        .contains("\"received\":10000,\"stored\":5000,\"duplicates\":5000");
    assertThat(database.rows("SELECT count(*), count(DISTINCT n) FROM readings"))
        .containsExactly("10000|10000");
  }

  @Test
  void aRepeatOfTheWholeBodyWithoutAKeyStoresTwiceAndTheAnswerSaysSo() {
    assertThat(publish(0, 10_000).body())
        .contains("A repeat of the whole body stores the others twice");
    repairTheDisk();
    assertThat(publish(0, 10_000).body()).contains("\"stored\":10000");
    assertThat(database.rows("SELECT count(*), count(DISTINCT n) FROM readings"))
        .containsExactly("15000|10000");
  }
}
