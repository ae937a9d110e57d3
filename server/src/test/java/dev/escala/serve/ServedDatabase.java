package dev.escala.serve;

import dev.escala.app.HttpClients;
import dev.escala.config.DatabaseUrl;
import dev.escala.http.Compression;
import dev.escala.http.Cors;
import dev.escala.http.CorsSettings;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.http.ServerTiming;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.model.Caller;
import dev.escala.model.RowTails;
import dev.escala.model.TableNews;
import dev.escala.model.TableVersions;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.PoolSettings;
import dev.escala.serve.database.SqlSettings;
import dev.escala.testing.Eventually;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The read side of one database, named {@code db}, listening on a free port. */
final class ServedDatabase implements AutoCloseable {
  /** All tests ask from one address, which is one client: it may have all. */
  static final PoolSettings POOLS = PoolSettings.DEFAULT.each(100);

  static final SqlSettings SQL = new SqlSettings(true, 100, 10_000, Duration.ofSeconds(60), 10_000);

  final RecordingObserver observer = new RecordingObserver();
  private final Vertx vertx;
  private final HttpClient client = HttpClients.create();
  final ReadApi api;
  private final HttpListener listener;

  ServedDatabase(DatabaseSettings settings) {
    this(settings, CorsSettings.ANY);
  }

  ServedDatabase(DatabaseSettings settings, CorsSettings cors) {
    this(settings, cors, false);
  }

  ServedDatabase(DatabaseSettings settings, CorsSettings cors, boolean timing) {
    this(settings, open -> timing ? new ServerTiming(new Cors(cors, open)) : new Cors(cors, open));
  }

  private ServedDatabase(DatabaseSettings settings, UnaryOperator<Handler> before) {
    this(settings, ConnectionSettings.standard(), before);
  }

  private ServedDatabase(
      DatabaseSettings settings, ConnectionSettings connections, UnaryOperator<Handler> before) {
    vertx = AcceptingTransport.vertx(new VertxOptions(), connections, observation -> {});
    api =
        new ReadApi(
            vertx,
            List.of(settings),
            name -> new TableNews(TableVersions.NONE, RowTails.NONE),
            1,
            observer);
    listener =
        new HttpListener(
                vertx,
                observer,
                () -> {
                  Router router = new Router();
                  api.register(router);
                  return before.apply(new Compression(router, observer));
                })
            .start("localhost", 0, 1);
  }

  static DatabaseSettings settings(DatabaseUrl url) {
    return settings(url, Optional.empty(), SQL);
  }

  static DatabaseSettings settings(DatabaseUrl url, PoolSettings pools) {
    return new DatabaseSettings(
        "db", url, Optional.empty(), List.of("public"), Duration.ofSeconds(30), pools, SQL);
  }

  static DatabaseSettings settings(
      DatabaseUrl url, Optional<DatabaseUrl> readUrl, SqlSettings sql) {
    return new DatabaseSettings(
        "db", url, readUrl, List.of("public"), Duration.ofSeconds(30), POOLS, sql);
  }

  /** The same database for another login, whose password is {@code secret}. */
  static DatabaseUrl login(DatabaseUrl url, String user) {
    return new DatabaseUrl(
        url.host(), url.port(), url.database(), user, "secret", url.parameters());
  }

  /** Starts, and waits for the first catalog. */
  static ServedDatabase start(DatabaseSettings settings) {
    return start(settings, CorsSettings.ANY);
  }

  static ServedDatabase start(DatabaseSettings settings, CorsSettings cors) {
    ServedDatabase served = new ServedDatabase(settings, cors);
    Eventually.eventually("the catalog is loaded", () -> served.get("/db").statusCode() == 200);
    return served;
  }

  /** Starts with other limits of what clients may take. */
  static ServedDatabase startLimited(DatabaseSettings settings, ConnectionSettings connections) {
    ServedDatabase served = new ServedDatabase(settings, connections, open -> open);
    Eventually.eventually("the catalog is loaded", () -> served.get("/db").statusCode() == 200);
    return served;
  }

  /** Reads with this login of the database, whose password is {@code secret}. */
  static ServedDatabase startFor(PostgresServer.Database database, String user, SqlSettings sql) {
    DatabaseUrl url = database.url();
    return start(settings(url, Optional.of(login(url, user)), sql));
  }

  /** Starts behind a lock that lets everybody in, as who they say they are. */
  static ServedDatabase startTrusting(
      DatabaseSettings settings, Function<Exchange, Caller> callers) {
    ServedDatabase served =
        new ServedDatabase(
            settings,
            open ->
                exchange -> {
                  exchange.caller(callers.apply(exchange));
                  open.handle(exchange);
                });
    Eventually.eventually("the catalog is loaded", () -> served.get("/db").statusCode() == 200);
    return served;
  }

  /** Starts behind a gate. */
  static ServedDatabase startBehind(OneTurn gate, DatabaseSettings settings) {
    ServedDatabase served = new ServedDatabase(settings, gate::before);
    Eventually.eventually("the catalog is loaded", () -> served.get("/db").statusCode() == 200);
    return served;
  }

  int port() {
    return listener.port();
  }

  /** The first header of that name, or {@code none}. */
  static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("none");
  }

  HttpResponse<String> get(String pathAndQuery, String... headers) {
    return send("GET", pathAndQuery, headers);
  }

  /** The SQL encoded; {@code more} follows as it is. */
  HttpResponse<String> sql(String sql, String more, String... headers) {
    return get("/db?q=" + encoded(sql) + more, headers);
  }

  HttpResponse<String> send(String method, String pathAndQuery, String... headers) {
    try {
      return client.send(
          request(method, pathAndQuery, headers), BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new AssertionError(pathAndQuery, failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  HttpRequest request(String method, String pathAndQuery, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port() + pathAndQuery))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(20));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  HttpClient client() {
    return client;
  }

  /** Percent-encodes a value. */
  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    listener.close();
    api.close();
    client.close();
    vertx.close().await();
  }
}
