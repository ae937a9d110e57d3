package dev.escala.app;

import dev.escala.config.ConfigurationException;
import dev.escala.source.sns.SigningCertificates;
import dev.escala.testing.Metrics;
import dev.escala.testing.PostgresServer.Database;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** A whole server in this JVM on free ports, and what its clients and Prometheus see of it. */
final class RunningServer implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClients.create();
  private static final String LISTENERS =
      """
      http:  {host: 127.0.0.1, port: 0}
      admin: {host: 127.0.0.1, port: 0}
      """;

  private final Application application;

  private RunningServer(Application application) {
    this.application = application;
  }

  /** With exactly this configuration. */
  static RunningServer startAsWritten(
      String yaml, Database database, Map<String, String> environment) {
    return started(yaml, database, environment, Application.Role.ALL);
  }

  /** With this configuration but the ports, in which {@code ${URL}} is the database. */
  static RunningServer start(
      String yaml, Database database, Map<String, String> environment, Application.Role role) {
    return started(LISTENERS + yaml, database, environment, role);
  }

  /** With these certificates of SNS. */
  static RunningServer start(String yaml, Database database, SigningCertificates certificates) {
    return started(LISTENERS + yaml, database, Map.of(), Application.Role.ALL, () -> certificates);
  }

  private static RunningServer started(
      String yaml, Database database, Map<String, String> environment, Application.Role role) {
    return started(yaml, database, environment, role, SigningCertificates::ofAws);
  }

  private static RunningServer started(
      String yaml,
      Database database,
      Map<String, String> environment,
      Application.Role role,
      Supplier<SigningCertificates> ofSns) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("URL", url(database, "postgres", "postgres"));
    try {
      Configuration configuration = Configuration.read("test", yaml, variables::get);
      return new RunningServer(Application.start(configuration, role, ofSns));
    } catch (ConfigurationException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static RunningServer start(String yaml, Database database, Map<String, String> environment) {
    return start(yaml, database, environment, Application.Role.ALL);
  }

  /** How a login reaches a database. */
  static String url(Database database, String user, String password) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(
            user,
            password,
            database.url().host(),
            database.url().port(),
            database.url().database());
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + application.httpPort());
  }

  URI admin() {
    return URI.create("http://127.0.0.1:" + application.adminPort());
  }

  HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address() + path)).POST(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** With any method and body; the path behind {@code admin:} is one of the admin port. */
  HttpResponse<String> send(String method, String path, String body, String... headers) {
    String address =
        path.startsWith("admin:") ? admin() + path.substring("admin:".length()) : address() + path;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address)).method(method, BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** All of {@code /metrics}. */
  String metrics() {
    URI metrics = URI.create("http://127.0.0.1:" + application.adminPort() + "/metrics");
    return send(HttpRequest.newBuilder(metrics)).body();
  }

  /** The sum of a metric over all series that have these labels, such as {@code topic="a"}. */
  double metric(String name, String... labels) {
    return new Metrics(metrics()).value(name, labels);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    application.close();
  }
}
