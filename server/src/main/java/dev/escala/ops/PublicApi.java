package dev.escala.ops;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * The API as a client sees it, over a connection of its own each time: what stands between the
 * clients and the server is a part of it.
 */
public final class PublicApi {
  private static final int OK = 200;
  private static final int REDIRECTED = 300;

  private final URI base;
  private final Duration patience;
  private final Map<String, String> always;

  /** An answer, whatever its status. */
  public record Answer(int status, String body) {
    public boolean isOk() {
      return status >= OK && status < REDIRECTED;
    }
  }

  /** The URL that paths are appended to, and how long to wait for a connection or for data. */
  public PublicApi(URI base, Duration patience) {
    this(base, patience, Map.of());
  }

  private PublicApi(URI base, Duration patience, Map<String, String> always) {
    this.base = base;
    this.patience = patience;
    this.always = always;
  }

  /** The same, showing this token with each request. */
  public PublicApi as(String token) {
    return new PublicApi(base, patience, Map.of("Authorization", "Bearer " + token));
  }

  public URI base() {
    return base;
  }

  /** Asks with GET; the path begins with a slash and is percent-encoded. */
  public Answer get(String path, Map<String, String> headers) throws IOException {
    return answer(connection(path, headers));
  }

  /** Sends a body with POST. */
  public Answer post(String path, Map<String, String> headers, String body) throws IOException {
    HttpURLConnection connection = connection(path, headers);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(bytes.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(bytes);
    }
    return answer(connection);
  }

  private HttpURLConnection connection(String path, Map<String, String> headers)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(base + path).toURL().openConnection();
    int millis = Math.toIntExact(patience.toMillis());
    connection.setConnectTimeout(millis);
    connection.setReadTimeout(millis);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Connection", "close");
    always.forEach(connection::setRequestProperty);
    headers.forEach(connection::setRequestProperty);
    return connection;
  }

  private static Answer answer(HttpURLConnection connection) throws IOException {
    try {
      int status = connection.getResponseCode();
      try (InputStream body =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Answer(
            status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
    } finally {
      connection.disconnect();
    }
  }
}
