package dev.escala.app;

import java.net.http.HttpClient;

/**
 * Clients of a server over clear text. They speak HTTP/1.1: the JDK's client offers an upgrade to
 * HTTP/2, which the server takes, and then loses its place in about one of 300 connections whose
 * first answer is longer than a few buffers (docs/decisions/0056).
 */
public final class HttpClients {
  private HttpClients() {}

  public static HttpClient create() {
    return builder().build();
  }

  /** For who wants more of it. */
  public static HttpClient.Builder builder() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
  }
}
