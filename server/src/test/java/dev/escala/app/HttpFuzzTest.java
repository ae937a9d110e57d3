package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Thousands of requests that are nearly right; each is answered by rule, and none is lost. */
@Tag("integration")
class HttpFuzzTest {
  private static final int CLIENTS = 4;
  private static final long SEED = 20_261_124;

  private static final List<String> ROUTES =
      List.of(
          "none",
          "/",
          "/ping",
          "/health",
          "/health/history",
          "/topics",
          "/topics/{topic}",
          "/topics/{topic}/dead-letters",
          "/topics/{topic}/dead-letters/replay",
          "/topics/{topic}/dead-letters/discard",
          "/topics/{topic}/dead-letters/{id}",
          "/topics/{topic}/dead-letters/{id}/correct",
          "/{database}",
          "/{database}?q=",
          "/{database}/q={*sql}",
          "/{database}/{relation}",
          "/{database}/rpc/{function}",
          "/{database}/mcp");

  /** Far more than the server has, far fewer than there were requests. */
  private static final int MOST_SERIES = 2_500;

  private static final Pattern ROUTE = Pattern.compile("route=\"([^\"]*)\"");

  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  @Test
  void eachRequestIsAnsweredByRule() throws InterruptedException {
    fuzz(1_200);
  }

  @Test
  @Tag("long")
  void eachRequestIsAnsweredByRuleForLong() throws InterruptedException {
    fuzz(15_000);
  }

  private void fuzz(int requestsOfEach) throws InterruptedException {
    try (FuzzedServer server = new FuzzedServer();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> work =
          IntStream.range(0, CLIENTS)
              .<Callable<Void>>mapToObj(i -> () -> client(server, SEED + i, requestsOfEach))
              .toList();
      for (Future<Void> done : clients.invokeAll(work)) {
        finished(done);
      }
      assertThat(server.get("/ping").status()).isEqualTo(200);
      assertThat(stored).as("stored").hasPositiveValue();
      assertThat(refused).as("refused").hasPositiveValue();
      assertThat(server.rows()).isEqualTo(stored.get());
      assertThat(server.database.count("SELECT sum(attempts) FROM escala.dead_letter"))
          .isEqualTo(rejected.get());
      labelsAreBounded(server.metrics());
    }
  }

  private static void finished(Future<Void> done) throws InterruptedException {
    try {
      done.get();
    } catch (ExecutionException failure) {
      throw new AssertionError(failure.getCause());
    }
  }

  private Void client(FuzzedServer server, long seed, int requests) {
    Fuzz fuzz = new Fuzz(seed);
    for (int i = 0; i < requests; i++) {
      Fuzz.Request request = fuzz.next();
      String what = "seed %d, request %d: %s".formatted(seed, i, shown(request));
      try {
        check(request, Answer.of(server.said(request.text())));
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError(what, failure);
      }
    }
    return null;
  }

  private static String shown(Fuzz.Request request) {
    String text = request.text();
    return text.substring(0, Math.min(1_000, text.length())).replaceAll("[^ -~]+", "·");
  }

  private void check(Fuzz.Request request, Answer answer) {
    assertThat(answer.rest()).as("a second answer").isEmpty();
    boolean published = answer.body().startsWith("{\"received\":");
    if (published) {
      JsonNode counts = JsonMapper.shared().readTree(answer.body());
      stored.addAndGet(counts.get("stored").asLong());
      rejected.addAndGet(counts.get("rejected_total").asLong());
      assertThat(answer.status()).isIn(200, 422);
    } else if (answer.status() >= 400) {
      refused.incrementAndGet();
      if (!request.method().equals("HEAD")) {
        isByRule(answer.status(), problem(answer));
      }
      assertThat(answer.status())
          .as(answer.body())
          .satisfiesAnyOf(
              status -> assertThat(status).isBetween(400, 499),
              status -> assertThat(status).isEqualTo(503));
    }
  }

  private static JsonNode problem(Answer answer) {
    try {
      return JsonMapper.shared().readTree(answer.body());
    } catch (JacksonException notJson) {
      throw new AssertionError("not JSON: " + answer, notJson);
    }
  }

  private static void isByRule(int status, JsonNode problem) {
    if (problem.has("status")) {
      return; // /health says what is wrong in its own shape
    }
    assertThat(problem.propertyNames()).containsExactly("code", "details", "hint", "message");
    assertThat(problem.get("message").asString()).isNotBlank();
    String code = problem.get("code").asString();
    Optional<ErrorCode> own =
        Arrays.stream(ErrorCode.values()).filter(known -> known.name().equals(code)).findFirst();
    if (own.isPresent()) {
      assertThat(own.get().status()).isEqualTo(status);
    } else {
      assertThat(code)
          .as("a code of the dialect or of PostgreSQL")
          .matches("PGRST\\d{3}|[0-9A-Z]{5}");
    }
  }

  private static void labelsAreBounded(List<String> samples) {
    assertThat(samples.size()).as("series").isBetween(50, MOST_SERIES);
    assertThat(samples)
        .allSatisfy(
            sample -> {
              Matcher route = ROUTE.matcher(sample);
              assertThat(!route.find() || ROUTES.contains(route.group(1))).as(sample).isTrue();
            });
  }
}
