package dev.escala.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request and its answer. Answers may be given from any thread; the rest is the event loop's. */
public final class Exchange {
  private static final CharSequence JSON = "application/json; charset=utf-8";

  private final HttpServerRequest request;
  private final Context context;
  private final List<String> path;
  private final long startedNanos = System.nanoTime();
  private String route = "none";
  private boolean refused;
  private int brokenStatus;
  private long waitedNanos;
  private long waitingSinceNanos;
  private boolean waitsForClient;

  Exchange(HttpServerRequest request, Context context, List<String> path) {
    this.request = request;
    this.context = context;
    this.path = path;
  }

  /** For the packages that stream; others need nothing of Vert.x. */
  public HttpServerRequest request() {
    return request;
  }

  public Context context() {
    return context;
  }

  public String method() {
    return request.method().name();
  }

  public boolean isHead() {
    return HttpMethod.HEAD.equals(request.method());
  }

  /** The segments of the path, percent-decoded. */
  public List<String> path() {
    return path;
  }

  /** The query string as it came, without the question mark; empty if there is none. */
  public String query() {
    String query = request.query();
    return query == null ? "" : query;
  }

  /** The first header of that name. */
  public @Nullable String header(CharSequence name) {
    return request.getHeader(name);
  }

  /** The pattern of the route that answers, for metrics. */
  public String route() {
    return route;
  }

  /** Names the route more exactly, where more than the path chose what answers. */
  public void route(String pattern) {
    route = pattern;
  }

  /** Adds a header to the answer; only before the answer is given, on the event loop. */
  public Exchange with(CharSequence name, CharSequence value) {
    request.response().putHeader(name, value);
    return this;
  }

  /** Answers with a whole body, of which HEAD gets the headers only. */
  public void answer(int status, CharSequence contentType, Buffer body) {
    onContext(
        () -> {
          HttpServerResponse response = request.response();
          if (response.ended() || response.closed()) {
            return;
          }
          response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
          if (isHead()) {
            response.end();
          } else {
            response.end(body);
          }
        });
  }

  /** Answers with a whole body, which the caller gives away; from any thread. */
  public void answer(int status, CharSequence contentType, byte[] body) {
    answer(status, contentType, Buffer.buffer(body));
  }

  /** Answers with JSON, from any thread. */
  public void json(int status, String body) {
    answer(status, JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with an error, from any thread. */
  public void problem(Problem problem) {
    json(problem.status(), problem.json());
  }

  /** Like {@link #problem(Problem)}, telling the client after how many seconds to come again. */
  public void problem(Problem problem, int retryAfterSeconds) {
    onContext(
        () -> {
          with(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfterSeconds));
          problem(problem);
        });
  }

  /**
   * Like {@link #problem(Problem, int)}, where nothing failed but others have all that there is: it
   * counts as refused, and not as served.
   */
  public void refuse(Problem problem, int retryAfterSeconds) {
    onContext(
        () -> {
          refused = true;
          problem(problem, retryAfterSeconds);
        });
  }

  /**
   * An answer that began well ends in the middle; it counts as one with this status, whatever its
   * head said.
   */
  public void brokenOff(int status) {
    brokenStatus = status;
  }

  /** The status to count. */
  int status() {
    return brokenStatus == 0 ? request.response().getStatusCode() : brokenStatus;
  }

  boolean isRefused() {
    return refused;
  }

  /** From now on nothing is done until the client has taken what was written. */
  public void waitsForClient() {
    waitsForClient = true;
    waitingSinceNanos = System.nanoTime();
  }

  /** The client has taken what was written. */
  public void clientTook() {
    if (waitsForClient) {
      waitsForClient = false;
      waitedNanos += System.nanoTime() - waitingSinceNanos;
    }
  }

  /** Ends the answer in the middle, also where the client takes nothing. */
  public void cutOff() {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset();
    } else {
      HardClose.of(request.connection());
    }
  }

  /** How long the server took so far, without the waiting for the client. */
  Duration took() {
    clientTook();
    return Duration.ofNanos(System.nanoTime() - startedNanos - waitedNanos);
  }

  private void onContext(Runnable action) {
    if (context.equals(Vertx.currentContext())) {
      action.run();
    } else {
      context.runOnContext(ignored -> action.run());
    }
  }
}
