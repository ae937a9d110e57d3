package dev.escala.source.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation;
import dev.escala.source.Delivery;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class TopicsApiTest extends TopicsApiRun {
  @Test
  void whatIsPublishedTakesItsTraceAlong() throws IOException, InterruptedException {
    String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    post("/topics/departures", "{\"n\":1}", "traceparent", parent);
    post("/topics/departures", "{\"n\":2}", "traceparent", "nonsense");

    assertThat(received)
        .extracting(message -> message.origin().attributes())
        .containsExactly(Map.of("traceparent", parent), Map.of());
  }

  @Test
  void anObjectAnArrayAndLinesAreStored() throws IOException, InterruptedException {
    assertThat(post("/topics/departures", "{\"n\":1}").body()).isEqualTo(counts(1, 1, 0));
    assertThat(post("/topics/departures", "[{\"n\":2},{\"n\":3}]").body())
        .isEqualTo(counts(2, 2, 0));
    HttpResponse<String> lines =
        post(
            "/topics/departures",
            "{\"n\":4}\n{\"n\":5}\n{\"n\":6}",
            "Content-Type",
            "application/x-ndjson");
    assertThat(lines.statusCode()).isEqualTo(200);
    assertThat(lines.headers().firstValue("Content-Type"))
        .hasValue("application/json; charset=utf-8");
    assertThat(lines.body()).isEqualTo(counts(3, 3, 0));
    assertThat(received).hasSize(6);
    assertThat(received.getLast().payload().text()).isEqualTo("{\"n\":6}");
    assertThat(received).allMatch(message -> message.topic().equals("departures"));
  }

  @Test
  void anEmptyArrayIsNoMistake() throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/topics/departures", "[]");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(counts(0, 0, 0));
  }

  @Test
  void rejectedItemsAreDescribedAndDoNotHarmOthers() throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/topics/departures?wait=commit", "[{\"n\":1},2,{\"n\":3}]");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"received\":3,\"stored\":2,\"duplicates\":0,\"rejected\":[{\"index\":1,\"reason\":\"field.type\",\"column\":\"n\",\"detail\":\"It"
                + " is no \\\"object\\\".\"}],\"rejected_total\":1}");
  }

  @Test
  void whereAllAreRejectedTheStatusSaysSoAndDescriptionsAreCapped()
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        post("/topics/departures", "bad\n".repeat(150), "Content-Type", "application/x-ndjson");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("\"rejected_total\":150").contains("\"index\":99,");
    assertThat(answer.body()).doesNotContain("\"index\":100,");
  }

  @Test
  void aRepeatedRequestWithItsKeyIsADuplicate() throws IOException, InterruptedException {
    String body = "[{\"n\":1},{\"n\":2}]";
    assertThat(post("/topics/departures", body, "Idempotency-Key", "k1").body())
        .isEqualTo(counts(2, 2, 0));
    assertThat(post("/topics/departures", body, "Idempotency-Key", "k1").body())
        .isEqualTo(counts(2, 0, 2));
    assertThat(post("/topics/departures", body).body()).isEqualTo(counts(2, 2, 0));
    assertThat(post("/topics/departures", body, "Idempotency-Key", "a b").body())
        .contains("ESC104");
  }

  @Test
  void keysThatDifferInCaseAreTwoAndTwoKeysAtOnceAreRefused()
      throws IOException, InterruptedException {
    assertThat(post("/topics/departures", "{}", "Idempotency-Key", "Order-A").body())
        .isEqualTo(counts(1, 1, 0));
    assertThat(post("/topics/departures", "{}", "Idempotency-Key", "order-a").body())
        .isEqualTo(counts(1, 1, 0));
    HttpResponse<String> two =
        post("/topics/departures", "{}", "Idempotency-Key", "k1", "Idempotency-Key", "k2");
    assertThat(two.statusCode()).isEqualTo(400);
    assertThat(two.body()).contains("ESC104").contains("twice");
    assertThat(ids).hasSize(2);
  }

  @Test
  void whatCannotBeSplitIsRefusedWhole() throws IOException, InterruptedException {
    HttpResponse<String> malformed = post("/topics/departures", "[{\"n\":1},{\"n\":]");
    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(malformed.body()).contains("ESC112").contains("line 1, column 15");
    assertThat(post("/topics/departures", "").body()).contains("The body is empty");
    assertThat(post("/topics/departures", "[1" + ",1".repeat(1000) + "]").statusCode())
        .isEqualTo(413);
    for (int i = 0; i < 20; i++) {
      assertThat(post("/topics/departures", "x".repeat(100_001)).statusCode()).isEqualTo(413);
      assertThat(post("/topics/departures", "").statusCode()).isEqualTo(400);
    }
    assertThat(received).isEmpty();
  }

  @Test
  void anUnknownTopicAndParameterAreTold() throws IOException, InterruptedException {
    HttpResponse<String> unknown = post("/topics/departure", "{}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("ESC103").contains("Did you mean departures?");
    assertThat(post("/topics/departures?wait=forever", "{}").body()).contains("ESC104");
  }

  @Test
  void whoDoesNotWaitIsAnsweredAtOnce() throws IOException, InterruptedException {
    stopLoop();
    HttpResponse<String> answer = post("/topics/departures?wait=none", "[{\"n\":1},{\"n\":2}]");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("{\"received\":2}");
    assertThat(received).isEmpty();

    startLoop();
    eventually("stored later", () -> ids.size() == 2);
  }

  @Test
  void whatIsReturnedIsToBeSentAgain() throws IOException, InterruptedException {
    outcome =
        message ->
            message.payload().text().contains("2")
                ? new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE)
                : storeOnce(message);
    HttpResponse<String> answer = post("/topics/departures", "[{\"n\":1},{\"n\":2}]");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(answer.body()).contains("ESC001").contains("Of 2 items 1 are stored");

    outcome = message -> new Outcome.Returned(ReturnReason.TABLE_MISCONFIGURED);
    assertThat(post("/topics/departures", "{}").body()).contains("ESC003");
  }

  @Test
  void aPausedOrStoppedTopicTakesNothing() throws IOException, InterruptedException {
    source.pause();
    HttpResponse<String> paused = post("/topics/departures", "{}");
    assertThat(paused.statusCode()).isEqualTo(503);
    assertThat(paused.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(paused.body()).contains("ESC001");
    assertThat(post("/topics/departures", "{ nobody looks at it").statusCode()).isEqualTo(503);

    source.stop();
    assertThat(post("/topics/departures", "{}").body()).contains("ESC002");
    assertThat(received).isEmpty();
  }

  @Test
  void withoutRoomTheClientIsToldWhenToComeAgain() throws IOException, InterruptedException {
    stopLoop();
    String thousand = "{}\n".repeat(1000);
    for (int i = 0; i < 5; i++) {
      assertThat(post("/topics/departures?wait=none", thousand).statusCode()).isEqualTo(202);
    }
    HttpResponse<String> full = post("/topics/departures", "{}");
    assertThat(full.statusCode()).isEqualTo(503);
    assertThat(full.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(full.body()).contains("ESC113");
    assertThat(post("/topics/departures", "{ nobody looks at it").statusCode()).isEqualTo(503);

    startLoop();
    eventually("room again", () -> post("/topics/departures", "{}").statusCode() == 200);
  }

  @Test
  void withoutRoomTheClientIsRefusedByTheHeadOfItsRequest()
      throws IOException, InterruptedException {
    stopLoop();
    String thousand = "{}\n".repeat(1000);
    for (int i = 0; i < 5; i++) {
      assertThat(post("/topics/departures?wait=none", thousand).statusCode()).isEqualTo(202);
    }
    try (RawConnection connection = new RawConnection(listener.port())) {
      connection.send(
          "POST /topics/departures HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
              + "Expect: 100-continue\r\n\r\n");
      assertThat(connection.answer()).as("instead of 100").startsWith("503 ").contains("ESC113");
    }
    try (RawConnection connection = new RawConnection(listener.port())) {
      String head = "POST /topics/departures HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
      assertThat(connection.send(head + "{}").answer()).startsWith("503 ");
      assertThat(connection.send(head + "{}").answer()).as("the next").startsWith("503 ");
    }
    eventually(
        "counted as refused", () -> observer.all(Observation.RequestRefused.class).size() == 3);
  }

  @Test
  void aClientThatGoesAwayDoesNotKeepItsMessages() throws IOException {
    stopLoop();
    try (RawConnection connection = new RawConnection(listener.port())) {
      connection.send(
          "POST /topics/departures HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n{\"n\":1}");
      eventually("it arrived", () -> arrived().isPresent());
    }
    Delivery delivery = arrived().orElseThrow();
    settle(delivery, this::storeOnce);
    assertThat(ids).hasSize(1);
  }

  private Optional<Delivery> kept = Optional.empty();

  private Optional<Delivery> arrived() throws IOException {
    try {
      kept = kept.isPresent() ? kept : source.receive(Duration.ZERO);
      return kept;
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  @Test
  void http2IsSpokenToo() throws IOException, InterruptedException {
    try (HttpClient newer = HttpClient.newHttpClient()) {
      for (int i = 0; i < 3; i++) {
        HttpRequest small = request("/topics/departures", BodyPublishers.ofString("{}")).build();
        HttpRequest large =
            request("/topics/departures", BodyPublishers.ofByteArray(new byte[150_000])).build();
        assertThat(newer.send(small, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = newer.send(large, BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
  }

  @Test
  void twoHundredClientsAreServedAtOnceBesideAHugeOne() {
    String huge = "{\"text\":\"" + "x".repeat(90) + "\"}\n";
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(send(i % 50 == 0 ? huge.repeat(900) : "{\"n\":%d}".formatted(i)));
    }
    assertThat(answers).allSatisfy(a -> assertThat(a.join().statusCode()).isEqualTo(200));
    assertThat(ids).hasSize(196 + 4 * 900);
  }

  private CompletableFuture<HttpResponse<String>> send(String body) {
    return client.sendAsync(
        request("/topics/departures", BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }
}
