package dev.escala.access;

import dev.escala.app.HttpClients;
import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.http.Denial;
import dev.escala.http.Exchange;
import dev.escala.http.HttpListener;
import dev.escala.http.JsonText;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A listener behind a door, which answers with who asks. */
final class LockedServer implements AutoCloseable {
  final RecordingObserver observer = new RecordingObserver();
  private final Vertx vertx =
      AcceptingTransport.vertx(
          new VertxOptions(), ConnectionSettings.standard(), observation -> {});
  private final HttpClient client = HttpClients.create();
  private final HttpListener listener;

  private LockedServer(AuthSettings.Locked settings, Clock clock) {
    Door door = new Door(settings, Optional.empty(), observer, clock);
    listener =
        new HttpListener(vertx, observer, () -> door.before(LockedServer::tell))
            .start("127.0.0.1", 0, 1);
  }

  /** With {@code auth} as it would be written in the file. */
  static LockedServer start(String auth) {
    return start(auth, Clock.systemUTC());
  }

  static LockedServer start(String auth, Clock clock) {
    return new LockedServer((AuthSettings.Locked) settings("auth: " + auth), clock);
  }

  static AuthSettings settings(String yaml) {
    try {
      return ConfigurationFile.read("test", yaml, variable -> null, AuthSettings::read);
    } catch (ConfigurationException errors) {
      throw new AssertionError(errors);
    }
  }

  private static void tell(Exchange exchange) {
    if (exchange.header("Administer") != null && !exchange.caller().rights().mayAdminister()) {
      Denial.answer(exchange, "administer this");
      return;
    }
    Map<String, Object> caller = new LinkedHashMap<>();
    caller.put("kind", exchange.caller().kind());
    caller.put("role", String.valueOf(exchange.caller().role()));
    caller.put("claims", exchange.caller().claims());
    exchange.json(200, JsonText.of(caller));
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + listener.port() + "/");
  }

  /** Shows a token. */
  HttpResponse<String> bearer(String token) {
    return send("Authorization", "Bearer " + token);
  }

  HttpResponse<String> send(String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address());
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** What a browser asks before it sends a token. */
  HttpResponse<String> preflight() {
    return send(
        HttpRequest.newBuilder(address())
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Access-Control-Request-Method", "GET"));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    listener.close();
    client.close();
    vertx.close().await();
  }
}
