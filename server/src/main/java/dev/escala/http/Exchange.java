package dev.escala.http;

import dev.escala.http.connection.Client;
import dev.escala.http.connection.ClientConnection;
import dev.escala.model.Caller;
import dev.escala.model.RequestTrace;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request and its answer. Answers may be given from any thread; the rest is the event loop's. */
public final class Exchange {
  private static final CharSequence JSON = "application/json; charset=utf-8";

  private final HttpServerRequest request;
  private final RequestHead head;
  private final Reply reply;
  private final ClientConnection connection;
  private final Client client;
  private final Context context;
  private final List<String> path;
  private String route = "none";
  private @Nullable Phases phases;
  private Caller caller = Caller.ANYBODY;
  private Consumer<Throwable> failed = failure -> {};
  private Runnable beforeAnswer = () -> {};
  private boolean refused;
  private boolean byOrigin;
  private boolean namedOrigin;
  private int brokenStatus;
  private final RequestTrace trace;
  private final AnswerTime time = new AnswerTime();
  private final Packing packing;

  Exchange(
      HttpServerRequest request, ClientConnection connection, Context context, List<String> path) {
    this.request = request;
    this.connection = connection;
    this.context = context;
    this.path = path;
    this.head = new RequestHead.OfClient(request);
    this.trace = RequestTrace.of(header("X-Request-Id"), header("traceparent"));
    this.reply = new ClientReply(request.response());
    this.client = connection.client(() -> request.getHeader("X-Forwarded-For"));
    this.packing =
        new Packing(
            reply, new AnswerWay(request.response(), context, connection, client, time.ofClient()));
  }

  private Exchange(Exchange asking, Question question, Reply reply) {
    this.request = asking.request;
    this.connection = asking.connection;
    this.context = asking.context;
    this.path = question.segments();
    this.head = question;
    this.trace = asking.trace;
    this.reply = reply;
    this.packing = new Packing(reply, null);
    this.client = asking.client;
    this.caller = asking.caller;
    this.route = asking.route;
    this.failed = asking.failed;
  }

  /** What its client asks in another language, and where that is answered; by the same caller. */
  public Exchange asking(Question question, Reply to) {
    return new Exchange(this, question, to);
  }

  /** Who asks: the other end of the connection, or whom a trusted proxy names. */
  public Client client() {
    return client;
  }

  /** By what it is found again. */
  public RequestTrace trace() {
    return trace;
  }

  /** How long it takes. */
  public AnswerTime time() {
    return time;
  }

  /** The address of the client; of IPv6 that of its network. */
  public String clientAddress() {
    return client.address().getHostAddress();
  }

  /** Who asks, once the lock on the door has looked. */
  public Caller caller() {
    return caller;
  }

  /** Says who asks; before any handler that depends on it. */
  public void caller(Caller known) {
    caller = known;
  }

  /** Lets the body wait until {@link #goOn}. */
  public void hold() {
    request.pause();
  }

  /** Goes on on the event loop, from any thread, and takes the body that was held. */
  public void goOn(Runnable handler) {
    onContext(
        () -> {
          try {
            handler.run();
          } catch (RuntimeException | Error failure) {
            failed.accept(failure);
          }
          request.resume();
        });
  }

  /** Does what takes its time, off the event loop; a failure of it is one of the handler. */
  public void apart(String name, Runnable work) {
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error failure) {
                onContext(() -> failed.accept(failure));
              }
            });
  }

  /** What becomes of a failure of a handler that goes on later. */
  void onFailure(Consumer<Throwable> answer) {
    failed = answer;
  }

  /** What is done on the event loop right before a whole answer goes out. */
  void beforeAnswer(Runnable action) {
    beforeAnswer = action;
  }

  ClientConnection connection() {
    return connection;
  }

  /** As it came over the connection, with its body; others need nothing of Vert.x. */
  HttpServerRequest request() {
    return request;
  }

  /** The answer on its way, for those who write it in pieces. */
  public Reply reply() {
    return reply;
  }

  public Context context() {
    return context;
  }

  public String method() {
    return head.method();
  }

  public boolean isHead() {
    return head.method().equals("HEAD");
  }

  /** The segments of the path, percent-decoded. */
  public List<String> path() {
    return path;
  }

  /** The path as it came, percent-encoded. */
  public String rawPath() {
    return head.path();
  }

  public MultiMap headers() {
    return head.headers();
  }

  /** The query string as it came, without the question mark; empty if there is none. */
  public String query() {
    String query = head.query();
    return query == null ? "" : query;
  }

  /** The first header of that name. */
  public @Nullable String header(CharSequence name) {
    return head.headers().get(name);
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
    reply.header(name, value);
    return this;
  }

  /** Says more than the usual phrase behind the status, where the protocol has one. */
  public void reason(String phrase) {
    reply.phrase(phrase);
  }

  /** From now on the phases of the work are measured, and told with the answer. */
  void measure() {
    phases = new Phases(time.startedNanos());
  }

  /** A phase of the work has ended; the next one begins. */
  public void ended(String phase) {
    if (phases != null) {
      phases.ended(phase);
    }
  }

  /** Called when the head of the answer goes out. */
  void tellPhases() {
    if (phases != null) {
      phases.ended("response");
      with("Server-Timing", phases.toString());
    }
  }

  /** The answer is another one for each origin. */
  void variesByOrigin() {
    byOrigin = true;
    with(HttpHeaders.VARY, HttpHeaders.ORIGIN);
  }

  /** A page asks whose origin the configuration names. */
  void comesFromNamedOrigin() {
    namedOrigin = true;
  }

  /** Whether a page of a web site asks that the configuration does not name. */
  public boolean isOfStrangePage() {
    return header(HttpHeaders.ORIGIN) != null && !namedOrigin;
  }

  /** Tells caches by which headers of the request the answer differs. */
  public void vary(CharSequence headers) {
    with(HttpHeaders.VARY, byOrigin ? headers + ", Origin" : headers);
  }

  /** Answers well, with nothing but headers. */
  public void empty() {
    reply.status(200);
    with(HttpHeaders.CONTENT_LENGTH, "0");
    reply.end();
  }

  /** Answers that it is done, and there is nothing to say; mostly with 204. */
  public void nothing(int status) {
    if (!reply.isEnded() && !reply.isClosed()) {
      beforeAnswer.run();
      packing.leftOut();
      reply.status(status);
      reply.end();
    }
  }

  /** Answers with a whole body, of which HEAD gets the headers only. */
  public void answer(int status, CharSequence contentType, Buffer body) {
    onContext(
        () -> {
          if (reply.isEnded() || reply.isClosed()) {
            return;
          }
          beforeAnswer.run();
          reply.status(status);
          with(HttpHeaders.CONTENT_TYPE, contentType);
          WholeAnswer.give(this, body);
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

  /** Answers with an error, from any thread; a header tells its code to who asked with HEAD. */
  public void problem(Problem problem) {
    onContext(
        () -> {
          if (!reply.isBegun()) {
            with("Proxy-Status", "Escala; error=" + problem.code());
          }
          json(problem.status(), problem.json());
        });
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
    return brokenStatus == 0 ? reply.status() : brokenStatus;
  }

  boolean isRefused() {
    return refused;
  }

  /** Room for an answer that is made in memory. */
  public AnswerRoom room() {
    return new AnswerRoom(connection, client);
  }

  /** Refuses an answer for which there is no room. */
  public void noRoom() {
    onContext(() -> WholeAnswer.refuse(this));
  }

  Packing packing() {
    return packing;
  }

  /** The answer comes in pieces, or of HEAD its head alone; all other headers are set. */
  public void inPieces() {
    packing.stream(isHead());
  }

  /** From now on nothing is done until the client has taken what was written. */
  public void waitsForClient() {
    if (!packing.isWorking()) {
      time.ofClient().begin();
    }
  }

  /** Ends the answer in the middle, also where the client takes nothing. */
  public void cutOff() {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(Http2Error.CANCEL.code());
    } else {
      connection.cutUnread();
    }
  }

  private void onContext(Runnable action) {
    if (context.equals(Vertx.currentContext())) {
      action.run();
    } else {
      context.runOnContext(ignored -> action.run());
    }
  }
}
