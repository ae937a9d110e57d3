package dev.escala.serve.database;

import dev.escala.catalog.RelationName;
import dev.escala.http.Exchange;
import dev.escala.http.JsonText;
import dev.escala.model.Caller;
import dev.escala.model.SqlIdentifier;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the database is told of a request for the length of its transaction: the role under which it
 * is read, and what PostgREST tells, under the same names.
 *
 * @param values of what PostgREST tells, in its order
 * @param ofRole what is set for the role
 * @param role or null, where the caller has none
 * @param preRequest the function that is called then, or null
 */
record RequestSettings(
    List<String> values,
    Map<String, String> ofRole,
    @Nullable String role,
    @Nullable RelationName preRequest) {
  private static final String SET =
      """
      SELECT pg_catalog.set_config('search_path', $1::text, true),
             pg_catalog.set_config('request.jwt.claims', $2::text, true),
             pg_catalog.set_config('request.method', $3::text, true),
             pg_catalog.set_config('request.path', $4::text, true),
             pg_catalog.set_config('request.headers', $5::text, true),
             pg_catalog.set_config('request.cookies', $6::text, true)\
      """;

  /** They hold secrets; cookies are told apart. */
  private static final Set<String> UNTOLD =
      Set.of("authorization", "proxy-authorization", "apikey", "cookie");

  /** To {@code SET ROLE none} is to be the login again. */
  private static final String NO_ROLE = "none";

  RequestSettings {
    values = List.copyOf(values);
    ofRole = Collections.unmodifiableMap(new LinkedHashMap<>(ofRole));
  }

  /**
   * Of a request.
   *
   * @param schemas in which names without a schema are looked for
   */
  static RequestSettings of(Exchange exchange, List<String> schemas) {
    Caller caller = exchange.caller();
    return new RequestSettings(
        List.of(
            schemas.stream().map(SqlIdentifier::quote).collect(Collectors.joining(", ")),
            caller.claims(),
            exchange.method(),
            path(exchange),
            JsonText.of(headers(exchange)),
            JsonText.of(cookies(exchange.header("Cookie")))),
        Map.of(),
        caller.role(),
        null);
  }

  /** With what is set for the role. */
  RequestSettings with(Map<String, String> settings) {
    return new RequestSettings(values, settings, role, preRequest);
  }

  /** Calling a function when the others hold. */
  RequestSettings calling(@Nullable RelationName function) {
    return new RequestSettings(values, ofRole, role, function);
  }

  /** Behind the database, which is all that there is to a policy within it. */
  private static String path(Exchange exchange) {
    String path = exchange.rawPath();
    int behind = path.indexOf('/', 1);
    return behind < 0 ? "/" : path.substring(behind);
  }

  private static Map<String, String> headers(Exchange exchange) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, String> header : exchange.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!UNTOLD.contains(name)) {
        headers.put(name, header.getValue());
      }
    }
    return headers;
  }

  private static Map<String, String> cookies(@Nullable String header) {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String cookie : header == null ? new String[0] : header.split(";", -1)) {
      int equals = cookie.indexOf('=');
      if (equals > 0) {
        cookies.put(cookie.substring(0, equals).strip(), cookie.substring(equals + 1).strip());
      }
    }
    return cookies;
  }

  /** Whether a role is none that anybody may have. */
  static boolean isNone(@Nullable String role) {
    return NO_ROLE.equals(role);
  }

  /**
   * Fails where the role does not exist, the login may not become it, or the function that is
   * called raises an error.
   */
  Future<Void> tell(SqlClient transaction) {
    if (isNone(role)) {
      return Future.failedFuture(new UnknownRole());
    }
    Future<Void> told = set(transaction);
    if (preRequest == null) {
      return told;
    }
    String call =
        "SELECT 1 FROM %s.%s()"
            .formatted(
                SqlIdentifier.quote(preRequest.schema()), SqlIdentifier.quote(preRequest.name()));
    Future<Void> called = transaction.preparedQuery(call).execute().mapEmpty();
    return told.compose(ignored -> called);
  }

  /** The role last, so that what is before it needs none of its rights. */
  private Future<Void> set(SqlClient transaction) {
    StringBuilder sql = new StringBuilder(SET);
    List<String> all = new ArrayList<>(values);
    ofRole.forEach((name, value) -> add(sql, all, name, value));
    add(sql, all, "role", role == null ? NO_ROLE : role);
    return transaction
        .preparedQuery(sql.toString())
        .execute(CatalogStatements.tuple(all))
        .mapEmpty();
  }

  private static void add(StringBuilder sql, List<String> all, String name, String value) {
    all.add(name);
    all.add(value);
    sql.append(
        ", pg_catalog.set_config($%d::text, $%d::text, true)"
            .formatted(all.size() - 1, all.size()));
  }
}
