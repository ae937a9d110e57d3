package dev.escala.http;

import java.util.List;

/** Headers that a request may have more than once. */
public final class RequestHeaders {

  private RequestHeaders() {}

  /** The values of all headers of that name, in their order. */
  public static List<String> named(Exchange exchange, CharSequence name) {
    return exchange.headers().getAll(name);
  }
}
