package dev.escala.serve;

import static dev.escala.serve.ServedDatabase.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.RequestFailed;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that answer by raising an error, with a status or with all of the answer. */
@Tag("integration")
class RaisedAnswersTest {
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE FUNCTION raises(state text, message text, detail text DEFAULT NULL) RETURNS int
          STABLE LANGUAGE plpgsql AS $$BEGIN
            IF detail IS NULL THEN RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message,
              HINT = 'the hint'; END IF;
            RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, DETAIL = detail;
          END$$;
        CREATE VIEW refused AS SELECT raises('PT402', 'Pay', 'now') AS id\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String path(String state, String message, String detail) {
    String path = "/db/rpc/raises?state=" + state + "&message=" + ServedDatabase.encoded(message);
    return detail.isEmpty() ? path : path + "&detail=" + ServedDatabase.encoded(detail);
  }

  @Test
  void theStatusIsThatOfTheState() {
    HttpResponse<String> answer = served.get(path("PT402", "Payment, please", ""));
    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(answer.body())
        .isEqualTo(
            "{\"code\":\"PT402\",\"details\":null,\"hint\":\"the hint\",\"message\":\"Payment,"
                + " please\"}");
    assertThat(header(answer, "Proxy-Status")).isEqualTo("Escala; error=PT402");
    assertThat(served.get("/db/refused").statusCode()).as("of a view").isEqualTo(402);
    assertThat(served.get("/db/refused?limit=1").body()).contains("\"details\":\"now\"");
    assertThat(served.get(path("PT401", "who?", "")).headers().firstValue("WWW-Authenticate"))
        .isPresent();
  }

  /** They are as whoever wrote the function wants them, and nothing to be woken for. */
  @ParameterizedTest
  @CsvSource({"PT503, 503", "PT599, 599", "PT200, 200"})
  void whatIsRaisedIsNoFailureOfOurs(String state, int status) {
    int before = served.observer.all(RequestFailed.class).size();
    HttpResponse<String> answer = served.get(path(state, "as told", ""));
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("as told");
    assertThat(served.observer.all(RequestFailed.class)).hasSize(before);
  }

  @ParameterizedTest
  @CsvSource({"PT4X4", "PT100", "PT600", "PT000"})
  void whatIsNoStatusIsAFailure(String state) {
    HttpResponse<String> answer = served.get(path(state, "secret", ""));
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains(state).doesNotContain("secret");
  }

  @Test
  void theMessageIsThePhraseOfTheStatus() throws IOException {
    assertThat(statusLine(path("PT418", "I am\r\nX: a teapot", "")))
        .isEqualTo("HTTP/1.1 418 I am  X: a teapot");
    assertThat(
            statusLine(
                path(
                    "PGRST",
                    "{\"code\":\"1\",\"message\":\"m\"}",
                    "{\"status\":419,\"headers\":{},\"status_text\":\"Tea\"}")))
        .isEqualTo("HTTP/1.1 419 Tea");
  }

  private static String statusLine(String path) throws IOException {
    try (RawConnection connection = new RawConnection(served.port())) {
      String head = "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
      return connection.send(head).everything().lines().findFirst().orElse("");
    }
  }

  @Test
  void aWholeAnswerIsRaised() {
    HttpResponse<String> answer =
        served.get(
            path(
                "PGRST",
                "{\"code\":\"123\",\"message\":\"Payment\",\"details\":\"Quota\",\"hint\":\"Upgrade\"}",
                "{\"status\":402,\"headers\":{\"X-Powered-By\":\"Nerd Rage\"}}"));
    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(answer.body())
        .isEqualTo(
            "{\"code\":\"123\",\"details\":\"Quota\",\"hint\":\"Upgrade\",\"message\":\"Payment\"}");
    assertThat(header(answer, "X-Powered-By")).isEqualTo("Nerd Rage");
    HttpResponse<String> unchanged =
        served.get(
            path(
                "PGRST",
                "{\"code\":\"1\",\"message\":\"m\"}",
                "{\"status\":304,\"headers\":{\"ETag\":\"\\\"a\\\"\"}}"));
    assertThat(unchanged.statusCode()).isEqualTo(304);
    assertThat(unchanged.body()).isEmpty();
    assertThat(header(unchanged, "ETag")).isEqualTo("\"a\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          INVALID                       | {"status":402,"headers":{}}                 | Invalid JSON value for MESSAGE: 'INVALID'
          {"code":"1"}                  | {"status":402,"headers":{}}                 | Invalid JSON value for MESSAGE: '{"code":"1"}'
          {"code":"1","message":"m"}    | ``                                          | DETAIL is missing in the RAISE statement
          {"code":"1","message":"m"}    | INVALID                                     | Invalid JSON value for DETAIL: 'INVALID'
          {"code":"1","message":"m"}    | {"status":402}                              | Invalid JSON value for DETAIL: '{"status":402}'
          {"code":"1","message":"m"}    | {"status":99,"headers":{}}                  | Invalid JSON value for DETAIL: '{"status":99,"headers":{}}'
          {"code":"1","message":"m"}    | {"status":402,"headers":{"A":"b\\nc"}}      | Invalid JSON value for DETAIL
          {"code":"1","message":"m"}    | {"status":402,"headers":{"A b":"c"}}        | Invalid JSON value for DETAIL
          {"code":"1","message":"m"}    | {"status":402,"headers":{"Content-Length":"1"}} | Invalid JSON value for DETAIL
          """)
  void whatCannotBeReadIsAFaultOfTheFunction(String message, String detail, String details) {
    int before = served.observer.all(RequestFailed.class).size();
    HttpResponse<String> answer = served.get(path("PGRST", message, detail));
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("PGRST121", "Could not parse JSON in the \\\"RAISE SQLSTATE 'PGRST'\\\" error")
        .contains(details.replace("\\", "\\\\").replace("\"", "\\\""));
    assertThat(served.observer.all(RequestFailed.class)).hasSize(before + 1);
  }
}
