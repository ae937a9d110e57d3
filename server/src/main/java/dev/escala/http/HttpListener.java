package dev.escala.http;

import dev.escala.http.connection.ClientConnection;
import dev.escala.http.connection.OutOfMemory;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Listens on one port with several event loops, each with its own handler, so that what a handler
 * holds (connections to the database among it) never crosses threads.
 */
public final class HttpListener implements AutoCloseable {
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-Id");
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  /** Requests at once on a connection of HTTP/2; as many as Vert.x and most servers have. */
  private static final int STREAMS = 100;

  private static final AtomicInteger FREE_PORTS = new AtomicInteger();

  private final Vertx vertx;
  private final Observer observer;
  private final Supplier<Handler> handlers;
  private final Limits limits;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
  private final RunningRequests publishing = new RunningRequests();
  private volatile boolean stopping;
  private String deployment = "";
  private volatile int port;

  /**
   * What a client may take.
   *
   * @param maxIdle how long nothing may be sent in either direction, also while a request is worked
   *     on, before the connection is closed
   */
  record Limits(int maxUriBytes, int maxHeaderBytes, Duration maxIdle) {
    static final Limits DEFAULT = new Limits(32 << 10, 16 << 10, Duration.ofSeconds(75));
  }

  public HttpListener(Vertx vertx, Observer observer, Supplier<Handler> handlers) {
    this(vertx, observer, handlers, Limits.DEFAULT);
  }

  HttpListener(Vertx vertx, Observer observer, Supplier<Handler> handlers, Limits limits) {
    this.vertx = vertx;
    this.observer = observer;
    this.handlers = handlers;
    this.limits = limits;
  }

  /**
   * Starts to listen; port 0 takes a free one. Returns when requests are answered.
   *
   * @throws IllegalStateException where the host is none of this machine or the port is in use
   */
  public HttpListener start(String host, int wantedPort, int eventLoops) {
    // A negative port is to Vert.x a free one that all who name the same number share: the event
    // loops of this listener are to, other listeners are not.
    int shared = wantedPort == 0 ? FREE_PORTS.decrementAndGet() : wantedPort;
    deployment =
        vertx
            .deployVerticle(
                () -> new EventLoop(host, shared), new DeploymentOptions().setInstances(eventLoops))
            .recover(failure -> Future.failedFuture(cannotListen(host, wantedPort, failure)))
            .await();
    return this;
  }

  private static IllegalStateException cannotListen(String host, int port, Throwable failure) {
    return new IllegalStateException(
        "cannot listen on %s:%d: %s. Free the port, or configure another host or port"
            .formatted(host, port, failure.getMessage()),
        failure);
  }

  /** The port that is listened on. */
  public int port() {
    return port;
  }

  /**
   * Stops to accept, closes what is idle, and lets the running requests be answered, on connections
   * that then close. Returns at once.
   *
   * @param grace after which the connections of those that are not answered are cut
   * @return completes when no connection is left
   */
  public Future<Void> shutdown(Duration grace) {
    stopping = true;
    long millis = Math.max(1, grace.toMillis());
    long cut = vertx.setTimer(millis, ignored -> connections.forEach(ClientConnection::close));
    return Future.join(
            servers.stream().map(server -> server.shutdown(millis, TimeUnit.MILLISECONDS)).toList())
        .eventually(
            () -> {
              vertx.cancelTimer(cut);
              return deployment.isEmpty() ? Future.succeededFuture() : vertx.undeploy(deployment);
            })
        .mapEmpty();
  }

  /** Waits until no request that brings something is running, but no longer than that. */
  public void awaitPublished(Duration longest) {
    publishing.awaitNone(longest);
  }

  /** Closes all connections, whatever runs on them. */
  @Override
  public void close() {
    shutdown(Duration.ZERO).await();
  }

  private final class EventLoop implements Deployable {
    private final String host;
    private final int wantedPort;

    EventLoop(String host, int wantedPort) {
      this.host = host;
      this.wantedPort = wantedPort;
    }

    @Override
    public Future<?> deploy(Context context) {
      Handler handler = handlers.get();
      HttpServerOptions options =
          new HttpServerOptions()
              .setHost(host)
              .setPort(wantedPort)
              .setMaxInitialLineLength(limits.maxUriBytes())
              .setMaxHeaderSize(limits.maxHeaderBytes())
              .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
              .setIdleTimeout(Math.toIntExact(limits.maxIdle().toMillis()))
              // There are no web sockets, whose handlers allow only 128 requests at once.
              .setPerFrameWebSocketCompressionSupported(false)
              .setPerMessageWebSocketCompressionSupported(false)
              // In HTTP/2 the address is a header, and 8 KiB of headers are the default.
              .setInitialSettings(
                  new Http2Settings()
                      .setMaxConcurrentStreams(STREAMS)
                      .setMaxHeaderListSize(limits.maxUriBytes() + limits.maxHeaderBytes()))
              .setTcpNoDelay(true);
      HttpServer server = vertx.createHttpServer(options);
      servers.add(server);
      return server
          .connectionHandler(HttpListener.this::opened)
          .requestHandler(request -> inTurn(handler, request, context))
          .invalidRequestHandler(request -> refuse(request, context))
          .listen()
          .onSuccess(listening -> port = listening.actualPort());
    }
  }

  private void opened(HttpConnection opened) {
    ChannelHandlerContext vertx = ((HttpServerConnection) opened).channelHandlerContext();
    ClientConnection connection = ClientConnection.of(vertx.channel());
    if (vertx.pipeline().get(HttpRequestDecoder.class) != null) {
      vertx.pipeline().addBefore(vertx.name(), null, connection.requestEnds());
    }
    connections.add(connection);
    opened.closeHandler(ignored -> connections.remove(connection));
  }

  private static ClientConnection connection(HttpServerRequest request) {
    return ClientConnection.of(
        ((HttpServerConnection) request.connection()).channelHandlerContext().channel());
  }

  /** Requests that follow each other on a connection wait until the answers before are taken. */
  private void inTurn(Handler handler, HttpServerRequest request, Context context) {
    HttpServerResponse response = request.response();
    if (request.version() == HttpVersion.HTTP_2 || !response.writeQueueFull()) {
      serve(handler, request, context);
    } else {
      request.pause();
      response.drainHandler(
          ignored -> {
            response.drainHandler(null);
            serve(handler, request, context);
            request.resume();
          });
    }
  }

  private void serve(Handler handler, HttpServerRequest request, Context context) {
    Exchange exchange;
    try {
      exchange = new Exchange(request, connection(request), context, segments(request.path()));
    } catch (IllegalArgumentException malformed) {
      exchange = new Exchange(request, connection(request), context, List.of());
      observe(exchange);
      exchange.problem(
          Problem.of(
              ErrorCode.ESC104,
              "The path is not well formed: " + malformed.getMessage(),
              "Percent-encode it as UTF-8."));
      return;
    }
    observe(exchange);
    try {
      handler.handle(exchange);
    } catch (RuntimeException | Error failure) {
      fail(exchange, failure);
    }
  }

  /** Answers what is no request; nothing that follows on the connection can be understood. */
  private void refuse(HttpServerRequest request, Context context) {
    Exchange exchange = new Exchange(request, connection(request), context, List.of());
    observe(exchange);
    exchange.with(HttpHeaders.CONNECTION, HttpHeaders.CLOSE).problem(problem(request));
    // Behind the answer, which takes its turn on the same context.
    context.runOnContext(ignored -> request.connection().close());
  }

  private Problem problem(HttpServerRequest request) {
    return switch (request.decoderResult().cause()) {
      case TooLongHttpLineException tooLong ->
          Problem.of(
              ErrorCode.ESC105,
              "The path and the query string are longer than %,d bytes"
                  .formatted(limits.maxUriBytes()),
              null);
      case TooLongHttpHeaderException tooLarge ->
          Problem.of(
              ErrorCode.ESC106,
              "The headers are larger than %,d bytes".formatted(limits.maxHeaderBytes()),
              null);
      case null, default ->
          Problem.of(ErrorCode.ESC104, "This is not a well-formed HTTP request", null);
    };
  }

  private void observe(Exchange exchange) {
    boolean publishes = !READING.contains(exchange.method());
    if (publishes) {
      publishing.begin();
    }
    exchange.onFailure(failure -> fail(exchange, failure));
    exchange.with(REQUEST_ID, exchange.trace().requestId());
    HttpServerResponse response = exchange.request().response();
    response.headersEndHandler(ignored -> tellOfTheEnd(exchange));
    response.endHandler(
        ignored -> {
          exchange.packing().close();
          if (publishes) {
            publishing.end();
          }
          observer.observed(exchange.isRefused() ? refused(exchange) : served(exchange));
        });
  }

  /** While the server stops, a client learns that its next request needs another connection. */
  private void tellOfTheEnd(Exchange exchange) {
    exchange.time().begins();
    exchange.tellPhases();
    if (stopping && exchange.request().version() != HttpVersion.HTTP_2) {
      exchange.with(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  private static Observation served(Exchange exchange) {
    return new Observation.RequestServed(
        exchange.route(),
        method(exchange),
        exchange.status(),
        exchange.time().took(),
        exchange.request().response().bytesWritten(),
        exchange.time().begun(),
        exchange.trace());
  }

  private static Observation refused(Exchange exchange) {
    return new Observation.RequestRefused(
        exchange.route(), method(exchange), exchange.time().took());
  }

  private static String method(Exchange exchange) {
    return METHODS.contains(exchange.method()) ? exchange.method() : "other";
  }

  private void fail(Exchange exchange, Throwable failure) {
    OutOfMemory.endsTheProcess(failure);
    observer.observed(new Observation.RequestFailed(exchange.route(), failure, exchange.trace()));
    exchange.problem(Problem.of(ErrorCode.ESC000, "Something failed on our side", null));
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(4);
    int start = 1;
    while (start < path.length()) {
      int end = path.indexOf('/', start);
      end = end < 0 ? path.length() : end;
      segments.add(decode(path.substring(start, end)));
      start = end + 1;
    }
    return segments;
  }

  private static String decode(String segment) {
    return segment.indexOf('%') < 0
        ? segment
        : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
