package dev.escala.serve.database;

import dev.escala.config.DatabaseUrl;
import dev.escala.login.DatabaseLogin;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** How connections to a database log in, and what holds for their whole life. */
final class ReadConnectOptions {
  private static final int PIPELINING_LIMIT = 16;
  private static final int CACHED_STATEMENTS = 512;
  private static final int CACHED_STATEMENT_CHARACTERS = 8192;

  private static final Duration CATALOG_TIMEOUT = Duration.ofSeconds(30);

  private ReadConnectOptions() {}

  /** Read-only connections whose output does not depend on settings of the database or the role. */
  static PgConnectOptions to(DatabaseUrl url, Duration statementTimeout) {
    Map<String, String> properties = new HashMap<>();
    properties.put("application_name", "escala");
    properties.put("client_encoding", "utf8");
    properties.put("TimeZone", "UTC");
    properties.put("DateStyle", "ISO");
    properties.put("IntervalStyle", "postgres");
    properties.put("extra_float_digits", "1");
    properties.put("standard_conforming_strings", "on");
    properties.put("default_transaction_read_only", "on");
    properties.put("statement_timeout", Long.toString(statementTimeout.toMillis()));
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(url.host())
            .setPort(url.port())
            .setDatabase(url.database())
            .setUser(url.user())
            .setProperties(properties)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(CACHED_STATEMENTS)
            .setPreparedStatementCacheSqlLimit(CACHED_STATEMENT_CHARACTERS)
            .setPipeliningLimit(PIPELINING_LIMIT);
    return encrypted(options, url.parameters());
  }

  /** A connection that reads the catalog: names without a schema are none. */
  static Future<PgConnection> toCatalog(Vertx vertx, DatabaseUrl url) {
    PgConnectOptions options = to(url, CATALOG_TIMEOUT).addProperty("search_path", "");
    return loggedIn(vertx, url, options).compose(loggedIn -> PgConnection.connect(vertx, loggedIn));
  }

  /** With what the login proves itself with; to be asked again for each connection. */
  static Future<PgConnectOptions> loggedIn(Vertx vertx, DatabaseUrl url, PgConnectOptions options) {
    return switch (DatabaseLogin.of(url)) {
      case DatabaseLogin.Password(String password) ->
          Future.succeededFuture(options.setPassword(password));
      case DatabaseLogin signed ->
          vertx.executeBlocking(
              () -> new PgConnectOptions(options).setPassword(signed.password()), false);
    };
  }

  private static PgConnectOptions encrypted(
      PgConnectOptions options, Map<String, String> parameters) {
    SslMode mode = SslMode.of(parameters.getOrDefault("sslmode", "disable"));
    if (mode == SslMode.DISABLE) {
      return options;
    }
    String rootCertificate = parameters.get("sslrootcert");
    ClientSSLOptions ssl = new ClientSSLOptions();
    if (rootCertificate != null) {
      ssl.setTrustOptions(new PemTrustOptions().addCertPath(rootCertificate));
    } else if (mode != SslMode.VERIFY_CA && mode != SslMode.VERIFY_FULL) {
      // As libpq: without a root certificate these modes encrypt, but do not authenticate.
      ssl.setTrustAll(true);
    }
    if (mode == SslMode.VERIFY_FULL) {
      ssl.setHostnameVerificationAlgorithm("HTTPS");
    }
    return options.setSslMode(mode).setSslOptions(ssl);
  }
}
