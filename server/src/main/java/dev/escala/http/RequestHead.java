package dev.escala.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** What is asked, before any body. */
sealed interface RequestHead permits Question, RequestHead.OfClient {

  String method();

  /** As it came, percent-encoded. */
  String path();

  /** As it came, without the question mark; null or empty if there is none. */
  @Nullable String query();

  MultiMap headers();

  /** Of a request that came over a connection. */
  record OfClient(HttpServerRequest request) implements RequestHead {
    @Override
    public String method() {
      return request.method().name();
    }

    @Override
    public String path() {
      return request.path();
    }

    @Override
    public @Nullable String query() {
      return request.query();
    }

    @Override
    public MultiMap headers() {
      return request.headers();
    }
  }
}
