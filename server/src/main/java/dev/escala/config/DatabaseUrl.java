package dev.escala.config;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a database is and who logs in: {@code postgresql://user:password@host:port/database?k=v}.
 *
 * @param servers that have the database, in the order in which they are asked; mostly one
 * @param parameters of the query string, such as {@code sslmode}, and {@code login}: {@code
 *     aws-iam} where the password is a token that AWS signs
 */
public record DatabaseUrl(
    List<Server> servers,
    String database,
    String user,
    String password,
    Map<String, String> parameters) {
  private static final int DEFAULT_PORT = 5432;
  private static final Set<String> LOGINS = Set.of("password", "aws-iam");
  private static final String TARGET = "target-server-type";

  /** The same in the words of libpq and of pgjdbc, whose URLs people have already. */
  private static final Set<String> TARGETS =
      Set.of(TARGET, "target_session_attrs", "targetServerType");

  private static final Pattern SERVER =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[^:\\[\\]@]+)(?::(?<port>[0-9]{1,5}))?");

  /** Where one server listens. */
  public record Server(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  public DatabaseUrl {
    servers = List.copyOf(servers);
    parameters = Map.copyOf(parameters);
  }

  /** Of one server. */
  public DatabaseUrl(
      String host,
      int port,
      String database,
      String user,
      String password,
      Map<String, String> parameters) {
    this(List.of(new Server(host, port)), database, user, password, parameters);
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
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    int at = authority.lastIndexOf('@');
    if (at < 0 || uri.getPath().length() < 2) {
      throw malformed();
    }
    String userInfo = authority.substring(0, at);
    int colon = userInfo.indexOf(':');
    Map<String, String> parameters = parameters(uri.getRawQuery() == null ? "" : uri.getRawQuery());
    if (!LOGINS.contains(parameters.getOrDefault("login", "password"))) {
      throw new IllegalArgumentException("must have login=password or login=aws-iam, or no login");
    }
    return new DatabaseUrl(
        servers(authority.substring(at + 1)),
        uri.getPath().substring(1),
        decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
        colon < 0 ? "" : decode(userInfo.substring(colon + 1)),
        parameters);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "must have the form postgresql://user:password@host:port/database; more hosts stand behind"
            + " the first one, with commas");
  }

  private static List<Server> servers(String hosts) {
    return Arrays.stream(hosts.split(",", -1)).map(DatabaseUrl::server).distinct().toList();
  }

  private static Server server(String text) {
    Matcher matcher = SERVER.matcher(text);
    if (!matcher.matches()) {
      throw malformed();
    }
    String port = matcher.group("port");
    return new Server(matcher.group("host"), port == null ? DEFAULT_PORT : Integer.parseInt(port));
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String key = decode(pair.substring(0, equals));
        String value = decode(pair.substring(equals + 1));
        if (TARGETS.contains(key)) {
          parameters.put(TARGET, target(value));
        } else {
          parameters.put(key, value);
        }
      }
    }
    return parameters;
  }

  private static String target(String value) {
    if (TargetServer.of(value).isEmpty()) {
      throw new IllegalArgumentException(
          "must have one of %s as %s".formatted(TargetServer.words(), TARGET));
    }
    return value;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The first host. */
  public String host() {
    return servers.getFirst().host();
  }

  /** That of the first host. */
  public int port() {
    return servers.getFirst().port();
  }

  /** Which of the servers is asked for, where that is said. */
  public Optional<TargetServer> target() {
    return Optional.ofNullable(parameters.get(TARGET)).flatMap(TargetServer::of);
  }

  /** The same of each server alone. */
  public List<DatabaseUrl> each() {
    return servers.stream()
        .map(
            server ->
                new DatabaseUrl(server.host(), server.port(), database, user, password, parameters))
        .toList();
  }

  /** The hosts with their ports, commas between them. */
  public String hosts() {
    return servers.stream().map(Server::toString).collect(Collectors.joining(","));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + hosts() + "/" + database;
  }
}
