package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.source.sns.FakeSns;
import dev.escala.source.sns.FakeSns.Posted;
import dev.escala.testing.Jwt;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole server behind a lock to which SNS pushes: from the signature to the row. */
@Tag("integration")
class SnsPushServedTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String RAW_ID = "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324";
  private static final String PATH = "/topics/t/sns";
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static final FakeSns SNS = new FakeSns();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    DATABASE.execute("CREATE TABLE t (n bigint CHECK (n > 0))");
    server =
        RunningServer.start(
            """
            databases: {db: {url: "${URL}"}}
            topics: {t: {table: db.t, unknown-fields: reject}, u: {table: db.u}, v: {table: db.v}}
            sources:
              - sns: {topic-arn: "_ARN_", topic: t, endpoint: "_API_"}
              - sns: {topic-arn: "_ARN_", topic: u, endpoint: "_API_", raw: true}
            auth:
              jwt: {secret: "_SECRET_"}
              roles:
                producer: {may: [publish], topics: [u]}
                reader: {may: [read]}
            canary: {enabled: false}
            """
                .replace("_ARN_", FakeSns.ARN)
                .replace("_API_", SNS.endpoint().toString())
                .replace("_SECRET_", SECRET),
            DATABASE,
            SNS.certificates());
    Posted first = FakeSns.notification("{\"n\":1}").signed();
    assertThat(push(first).statusCode()).as("the tables are made").isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    server.close();
    SNS.close();
  }

  @BeforeEach
  void empty() {
    DATABASE.execute("TRUNCATE t");
    DATABASE.execute("DELETE FROM escala.dead_letter");
  }

  private static HttpResponse<String> push(Posted posted) {
    return server.post(PATH, posted.body(), posted.headers());
  }

  private static void expect(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    assertThat(rows()).isZero();
    assertThat(letters()).isZero();
  }

  private static long rows() {
    return count("SELECT count(*) FROM t");
  }

  private static long letters() {
    return count("SELECT count(*) FROM escala.dead_letter");
  }

  private static long count(String sql) {
    return DATABASE.count(sql);
  }

  @Test
  void aNotificationIsARowWhenItIsAnswered() {
    Posted posted = FakeSns.notification("{\"n\":7}").signed();
    HttpResponse<String> answer = push(posted);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(DATABASE.rows("SELECT n || ' ' || _source || ' ' || _id FROM t"))
        .containsExactly("7 sns " + posted.text("MessageId"));
    assertThat(
            count(
                "SELECT count(*) FROM t WHERE _event_time = '%s'"
                    .formatted(posted.text("Timestamp"))))
        .isEqualTo(1);
  }

  @Test
  void whatComesAgainIsOneRow() {
    Posted posted = FakeSns.notification("{\"n\":7}").signed();
    assertThat(push(posted).body()).contains("\"stored\":1");
    HttpResponse<String> again = push(posted);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).contains("\"duplicates\":1");
    assertThat(rows()).isEqualTo(1);
  }

  /** SNS would send it again for an hour, and it would be rejected each time. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"n\":\"x\"}", "{\"n\":-1}", "no JSON", ""})
  void whatIsRejectedIsKeptAndDelivered(String message) {
    HttpResponse<String> answer = push(FakeSns.notification(message).signed());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"rejected_total\":1");
    assertThat(rows()).isZero();
    assertThat(letters()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Message, '{\"n\":8}'",
    "MessageId, another",
    "Signature, c2lnbmVk",
    "SigningCertURL, https://bucket.s3.amazonaws.com/SimpleNotificationService-1.pem",
    "SigningCertURL, https://sns.eu-west-1.amazonaws.com/other.pem",
    "SigningCertURL, https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-none.pem",
    "SignatureVersion, 1"
  })
  void whatIsForgedIsNeverStored(String name, String text) {
    HttpResponse<String> answer = push(FakeSns.notification("{\"n\":7}").signed().with(name, text));
    expect(answer, 403, "ESC157");
    assertThat(answer.body()).contains("signature.invalid");
  }

  @Test
  void whatIsReplayedIsRefused() {
    String old = Instant.now().minus(Duration.ofHours(3)).toString();
    expect(push(FakeSns.notification("{}").with("Timestamp", old).signed()), 403, "ESC157");
  }

  @Test
  void anotherTopicIsRefused() {
    String other = "arn:aws:sns:eu-west-1:123456789012:other";
    expect(push(FakeSns.notification("{}").with("TopicArn", other).signed()), 403, "ESC158");
  }

  @Test
  void headersAndBodyAgree() {
    Posted posted = FakeSns.notification("{\"n\":7}").signed();
    Posted other = posted.with("MessageId", "other");
    expect(server.post(PATH, posted.body(), other.headers()), 400, "ESC159");
    expect(server.post(PATH, posted.body()), 400, "ESC159");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1]", "{}", "\u0000"})
  void whatIsNoMessageOfSnsIsRefused(String body) {
    expect(server.post(PATH, body, FakeSns.notification("").headers()), 400, "ESC159");
  }

  @Test
  void aHugeBodyIsRefused() {
    Posted posted = FakeSns.notification("x".repeat(1 << 20)).signed();
    expect(push(posted), 413, "ESC110");
  }

  /** What SNS may push at most is taken: JSON that needs a backslash for each character. */
  @Test
  void theLargestMessageIsTaken() {
    String largest = "{\"n\":7,\"s\":\"" + "\\\\".repeat(((256 << 10) - 20) / 2) + "\"}";
    HttpResponse<String> answer = push(FakeSns.notification(largest).signed());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void aSubscriptionIsConfirmed() {
    int before = SNS.called.size();
    Posted posted =
        FakeSns.confirmation("SubscriptionConfirmation")
            .with("SubscribeURL", "http://169.254.169.254/latest/meta-data")
            .signed();
    assertThat(push(posted).statusCode()).isEqualTo(200);
    assertThat(SNS.called).hasSize(before + 1);
    assertThat(SNS.called.getLast()).containsEntry("Action", "ConfirmSubscription");
    assertThat(push(FakeSns.confirmation("UnsubscribeConfirmation").signed()).statusCode())
        .isEqualTo(200);
    assertThat(rows()).isZero();
  }

  @Test
  void anApiThatRefusesIsFor503() {
    SNS.refuse(true);
    try {
      Posted posted = FakeSns.confirmation("SubscriptionConfirmation").signed();
      HttpResponse<String> answer = push(posted);
      expect(answer, 503, "ESC160");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    } finally {
      SNS.refuse(false);
    }
  }

  @Test
  void theSignatureOpensNothingElse() {
    Posted posted = FakeSns.notification("{\"n\":7}").signed();
    assertThat(server.post("/topics/t", posted.body(), posted.headers()).statusCode())
        .isEqualTo(401);
    assertThat(server.get("/db/t", posted.headers()).statusCode()).isEqualTo(401);
    assertThat(server.post("/topics/v/sns", posted.body(), posted.headers()).statusCode())
        .isEqualTo(404);
    assertThat(server.get(PATH).statusCode()).isEqualTo(405);
    assertThat(rows()).isZero();
  }

  private static HttpResponse<String> raw(String topic, String... more) {
    List<String> headers =
        new ArrayList<>(List.of(FakeSns.notification("").with("MessageId", RAW_ID).headers()));
    headers.addAll(List.of("x-amz-sns-rawdelivery", "true"));
    headers.addAll(List.of(more));
    return server.post("/topics/" + topic + "/sns", "{\"n\":9}", headers.toArray(String[]::new));
  }

  private static String token(String role) {
    return "Bearer " + Jwt.of(SECRET, "{\"role\":\"%s\"}".formatted(role));
  }

  /** Without a signature it takes a caller who may publish, and a topic that says so. */
  @Test
  void rawDeliveryNeedsWhoMayPublish() {
    assertThat(raw("u").statusCode()).isEqualTo(401);
    assertThat(raw("u", "Authorization", token("reader")).statusCode()).isEqualTo(403);
    assertThat(raw("u", "Authorization", "Bearer nonsense").statusCode()).isEqualTo(401);
    HttpResponse<String> refused = raw("t", "Authorization", token("producer"));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("ESC158");
    assertThat(raw("u", "Authorization", token("producer")).body()).contains("\"stored\":1");
    assertThat(raw("u", "Authorization", token("producer")).body()).contains("\"duplicates\":1");
    assertThat(DATABASE.rows("SELECT n || ' ' || _source || ' ' || _id FROM u"))
        .containsExactly("9 sns " + RAW_ID);
  }

  @Test
  void manyAtOnceAreStoredOnceEach() throws Exception {
    int fetched = SNS.fetched.size();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 1; i <= 200; i++) {
        Posted posted = FakeSns.notification("{\"n\":%d}".formatted(i)).signed();
        answers.add(senders.submit(() -> push(posted)));
        answers.add(senders.submit(() -> push(posted)));
        answers.add(senders.submit(() -> push(posted.with("Message", "{\"n\":-7}"))));
      }
      for (int i = 0; i < answers.size(); i++) {
        HttpResponse<String> answer = answers.get(i).get();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(i % 3 == 2 ? 403 : 200);
      }
    }
    assertThat(count("SELECT count(DISTINCT n) FROM t")).isEqualTo(200);
    assertThat(rows()).isEqualTo(200);
    assertThat(letters()).isZero();
    assertThat(SNS.fetched.size() - fetched).as("certificates fetched").isLessThanOrEqualTo(1);
  }

  @Test
  void refusalsAreCountedAndHealthTells() {
    expect(push(FakeSns.notification("{}").signed().with("Message", "forged")), 403, "ESC157");
    assertThat(server.metric("ingest_pushes_refused_total", "topic=\"t\"", "reason=\"signature\""))
        .isPositive();
    assertThat(push(FakeSns.notification("{\"n\":7}").signed()).statusCode()).isEqualTo(200);
    eventually(
        "health tells of the last notification",
        () ->
            server.get("/health").body().contains("\"sns push t\"")
                && server.get("/health").body().contains("last_notification_seconds_ago"));
  }
}
