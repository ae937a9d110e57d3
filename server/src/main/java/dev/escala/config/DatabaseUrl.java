package dev.escala.config;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where a database is and who logs in: {@code postgresql://user:password@host:port/database?k=v}.
 *
 * @param parameters of the query string, such as {@code sslmode}, and {@code login}: {@code
 *     aws-iam} where the password is a token that AWS signs
 */
public record DatabaseUrl(
    String host,
    int port,
    String database,
    String user,
    String password,
    Map<String, String> parameters) {
  private static final int DEFAULT_PORT = 5432;
  private static final Set<String> LOGINS = Set.of("password", "aws-iam");

  public DatabaseUrl {
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads the URL form that libpq understands.
   *
   * @throws IllegalArgumentException with a sentence that does not contain the password
   */
  public static DatabaseUrl parse(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("is not a URL; percent-encode special characters", null);
    }
    if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
      throw new IllegalArgumentException("must begin with postgresql://");
    }
    String userInfo = uri.getRawUserInfo();
    if (uri.getHost() == null || userInfo == null || uri.getPath().length() < 2) {
      throw new IllegalArgumentException(
          "must have the form postgresql://user:password@host:port/database");
    }
    int colon = userInfo.indexOf(':');
    Map<String, String> parameters = parameters(uri.getRawQuery() == null ? "" : uri.getRawQuery());
    if (!LOGINS.contains(parameters.getOrDefault("login", "password"))) {
      throw new IllegalArgumentException("must have login=password or login=aws-iam, or no login");
    }
    return new DatabaseUrl(
        uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        uri.getPath().substring(1),
        decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
        colon < 0 ? "" : decode(userInfo.substring(colon + 1)),
        parameters);
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
  }
}
