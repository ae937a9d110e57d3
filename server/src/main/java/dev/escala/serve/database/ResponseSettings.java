package dev.escala.serve.database;

import dev.escala.http.Exchange;
import dev.escala.http.HeaderText;
import dev.escala.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What functions said of the answer within the transaction, in the settings {@code
 * response.headers} and {@code response.status}.
 *
 * @param headers in their order; a name may be there several times
 * @param status or null for the usual one
 */
public record ResponseSettings(List<Map.Entry<String, String>> headers, @Nullable Integer status) {
  /** Nothing was said. */
  public static final ResponseSettings NONE = new ResponseSettings(List.of(), null);

  private static final String SHOW =
      """
      SELECT pg_catalog.current_setting('response.headers', true),
             pg_catalog.current_setting('response.status', true)\
      """;

  public ResponseSettings {
    headers = List.copyOf(headers);
  }

  /** They cannot be read. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    private Malformed(String code, String message) {
      super(message, null, false, false);
      problem = new Problem(500, code, message, null, null);
    }

    Problem problem() {
      return problem;
    }
  }

  /** As they are now in a transaction. */
  public static Future<ResponseSettings> of(SqlClient transaction) {
    return transaction
        .preparedQuery(SHOW)
        .execute()
        .compose(
            rows -> {
              Row row = rows.iterator().next();
              try {
                return Future.succeededFuture(parse(row.getString(0), row.getString(1)));
              } catch (Malformed malformed) {
                return Future.failedFuture(malformed);
              }
            });
  }

  /** Behind a transaction that set them they are empty, and not null. */
  static ResponseSettings parse(@Nullable String headers, @Nullable String status)
      throws Malformed {
    return new ResponseSettings(
        headers == null || headers.isEmpty() ? List.of() : headers(headers),
        status == null || status.isEmpty() ? null : status(status));
  }

  private static List<Map.Entry<String, String>> headers(String text) throws Malformed {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    try {
      for (Object each : new JsonArray(text)) {
        JsonObject header = (JsonObject) each;
        String name = header.fieldNames().stream().findFirst().orElse("");
        if (header.size() != 1
            || !(header.getValue(name) instanceof String value)
            || !HeaderText.mayBeSet(name, value)) {
          throw malformedHeaders();
        }
        headers.add(Map.entry(name, value));
      }
    } catch (DecodeException | ClassCastException malformed) {
      throw malformedHeaders();
    }
    return headers;
  }

  private static Malformed malformedHeaders() {
    return new Malformed(
        "PGRST111",
        "response.headers guc must be a JSON array composed of objects with a single key and a"
            + " string value");
  }

  /** Those below 200 are not the last word of an answer. */
  private static int status(String text) throws Malformed {
    if (!text.matches("[2-5]\\d\\d")) {
      throw new Malformed("PGRST112", "response.status guc must be a valid status code");
    }
    return Integer.parseInt(text);
  }

  /** The status of the answer, which would be this one. */
  public int status(int usual) {
    return status == null ? usual : status;
  }

  /** The value of {@code Content-Type}, which would be this one. */
  public String type(String usual) {
    return headers.stream()
        .filter(ResponseSettings::isType)
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(usual);
  }

  /** Sets the headers of the answer, in place of those that are there. */
  public void prepare(Exchange exchange) {
    if (headers.isEmpty()) {
      return;
    }
    Set<String> set = new HashSet<>();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.equals("vary")) {
        exchange.vary(header.getValue());
      } else if (set.add(name)) {
        exchange.with(header.getKey(), header.getValue());
      } else {
        exchange.reply().headers().add(header.getKey(), header.getValue());
      }
    }
  }

  private static boolean isType(Map.Entry<String, String> header) {
    return header.getKey().equalsIgnoreCase("content-type");
  }
}
