package dev.escala.app;

import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a command shows to a server that is behind a lock. */
final class Credential {
  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:ESCALA_TOKEN:-}",
      description =
          "A token or an API key. Without it ESCALA_TOKEN, which no list of processes shows.")
  private @Nullable String token;

  Credential() {}

  /** Adds it to a request, if there is one. */
  HttpRequest.Builder on(HttpRequest.Builder request) {
    return shown(token, request);
  }

  /** Empty where there is none. */
  String token() {
    return token == null ? "" : token;
  }

  static HttpRequest.Builder shown(@Nullable String token, HttpRequest.Builder request) {
    return token == null || token.isEmpty()
        ? request
        : request.header("Authorization", "Bearer " + token);
  }
}
