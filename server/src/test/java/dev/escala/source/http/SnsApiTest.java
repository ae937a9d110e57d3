package dev.escala.source.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.Router;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.NotificationRefused;
import dev.escala.observe.Observation.RequestRefused;
import dev.escala.source.sns.FakeSns;
import dev.escala.source.sns.FakeSns.Posted;
import dev.escala.source.sns.SnsPush;
import dev.escala.source.sns.SnsPushSettings;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SNS is told, of a server that asks nobody who they are. */
class SnsApiTest extends TopicsApiRun {
  private static final String PATH = "/topics/departures/sns";

  private final FakeSns sns = new FakeSns();
  private final SnsPush push =
      SnsPush.open(
          new SnsPushSettings(
              List.of(FakeSns.ARN),
              "departures",
              sns.endpoint(),
              2,
              Duration.ofHours(2),
              true,
              true),
          sns.certificates(),
          observer);
  private final SnsApi api =
      new SnsApi(Map.of("departures", push), topics, Optional.empty(), observer);

  @Override
  Router routes(Router router) {
    return router.on("POST", "/topics/{topic}/sns", api);
  }

  @AfterEach
  void stopSns() {
    push.close();
    sns.close();
  }

  private HttpResponse<String> push(Posted posted, String... more)
      throws IOException, InterruptedException {
    List<String> headers = new ArrayList<>(List.of(posted.headers()));
    headers.addAll(List.of(more));
    return post(PATH, posted.body(), headers.toArray(String[]::new));
  }

  private static Posted posted() {
    return FakeSns.notification("{\"n\":1}").signed();
  }

  private static void expectLater(HttpResponse<String> answer, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void whatIsStoredIsDelivered() throws Exception {
    Posted posted = posted();
    assertThat(push(posted).body()).isEqualTo(counts(1, 1, 0));
    assertThat(push(posted).body()).isEqualTo(counts(1, 0, 1));
  }

  @Test
  void whatIsRejectedIsDelivered() throws Exception {
    HttpResponse<String> answer = push(FakeSns.notification("7").signed());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"rejected_total\":1");
  }

  @ParameterizedTest
  @CsvSource({
    "DATABASE_UNAVAILABLE, ESC001",
    "SHUTDOWN, ESC002",
    "TABLE_MISCONFIGURED, ESC003",
    "TABLE_LOCKED, ESC004"
  })
  void whatIsGivenBackComesAgain(ReturnReason reason, String code) throws Exception {
    outcome = message -> new Outcome.Returned(reason);
    expectLater(push(posted()), code);
  }

  @Test
  void whileNothingIsTakenTheHeadIsEnough() throws Exception {
    source.pause();
    expectLater(push(posted()), "ESC001");
    assertThat(sns.fetched).isEmpty();
    source.resume();
    assertThat(push(posted()).statusCode()).isEqualTo(200);
  }

  @Test
  void aCertificateThatCannotBeHadIsNoJudgement() throws Exception {
    sns.goAway();
    expectLater(push(posted()), "ESC160");
    assertThat(received).isEmpty();
  }

  /** Who asks for too many is refused, which is no failure of ours. */
  @Test
  void certificatesWithoutEndAreNotFetched() throws Exception {
    HttpResponse<String> last = push(forged(0));
    for (int i = 1; last.statusCode() == 403 && i < 1000; i++) {
      last = push(forged(i));
    }
    expectLater(last, "ESC160");
    eventually("it is refused", () -> !observer.all(RequestRefused.class).isEmpty());
    assertThat(observer.all(NotificationRefused.class))
        .last()
        .satisfies(seen -> assertThat(seen.reason()).isEqualTo("busy"));
  }

  private static Posted forged(int i) {
    return posted()
        .with(
            "SigningCertURL",
            "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-" + i + ".pem");
  }

  /** Whatever the topic says: nobody is known here. */
  @ParameterizedTest
  @CsvSource({"true", "TRUE", "1", "no"})
  void withoutALockRawIsNeverTaken(String value) throws Exception {
    HttpResponse<String> answer = push(posted(), "x-amz-sns-rawdelivery", value);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("ESC158");
    assertThat(received).isEmpty();
  }

  @Test
  void aTopicThatNobodyPushesToIsNone() throws Exception {
    Posted posted = posted();
    HttpResponse<String> answer = post("/topics/arrivals/sns", posted.body(), posted.headers());
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("ESC103");
  }

  @Test
  void aBodyWithoutEndIsRefused() throws Exception {
    Posted posted = FakeSns.notification("x".repeat(SnsApi.MAX_BODY));
    assertThat(push(posted).statusCode()).isEqualTo(413);
    assertThat(received).isEmpty();
  }
}
