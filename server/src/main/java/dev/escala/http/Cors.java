package dev.escala.http;

import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers which pages of other origins may read answers, in PostgREST's headers. A request
 * without an origin is none of its business.
 */
public final class Cors implements Handler {
  private static final String METHODS = "GET, POST, PATCH, PUT, DELETE, OPTIONS, HEAD";
  private static final String A_DAY = "86400";

  /** Those of PostgREST, and our own in a line of their own. */
  private static final List<String> EXPOSED =
      List.of(
          "Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, Server,"
              + " Transfer-Encoding, Range-Unit",
          "Retry-After, Preference-Applied, Content-Profile, Proxy-Status, Escala-Truncated,"
              + " Server-Timing, Link,"
              + " ETag, X-Request-Id");

  private final CorsSettings settings;
  private final Handler next;

  /** Stands before a handler. */
  public Cors(CorsSettings settings, Handler next) {
    this.settings = settings;
    this.next = next;
  }

  @Override
  public void handle(Exchange exchange) {
    String origin = exchange.header(HttpHeaders.ORIGIN);
    if (settings.credentials()) {
      exchange.variesByOrigin();
    }
    if (origin == null || !settings.allows(origin)) {
      next.handle(exchange);
      return;
    }
    if (settings.credentials()) {
      exchange.comesFromNamedOrigin();
    }
    allow(exchange, origin);
    if (isPreflight(exchange)) {
      preflight(exchange);
    } else {
      exchange
          .request()
          .response()
          .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS.toString(), EXPOSED);
      next.handle(exchange);
    }
  }

  private void allow(Exchange exchange, String origin) {
    if (settings.credentials()) {
      exchange.with(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      exchange.with(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    } else {
      exchange.with(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
  }

  private static boolean isPreflight(Exchange exchange) {
    return exchange.method().equals("OPTIONS")
        && exchange.header(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
  }

  private static void preflight(Exchange exchange) {
    exchange
        .with(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
        .with(
            HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
            headers(exchange.header(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS)))
        .with(HttpHeaders.ACCESS_CONTROL_MAX_AGE, A_DAY)
        .empty();
  }

  /** What was asked, and what needs no asking. */
  private static String headers(@Nullable String asked) {
    Stream<String> named =
        asked == null ? Stream.empty() : Arrays.stream(asked.split(",", -1)).map(String::strip);
    return Stream.of(
            Stream.of("Authorization"),
            named.filter(name -> !name.isEmpty()),
            Stream.of("Accept", "Accept-Language", "Content-Language"))
        .flatMap(names -> names)
        .collect(Collectors.joining(", "));
  }
}
