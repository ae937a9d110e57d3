package dev.escala.serve.sql;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.SqlNames;
import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.model.Rights;
import dev.escala.model.Suggestion;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import dev.escala.query.SqlRefused;
import dev.escala.query.SqlRequest;
import dev.escala.serve.database.CatalogKeeper;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** {@code GET /{database}}: its index, or read-only SQL as {@code ?q=SELECT …}. */
public final class SqlApi {
  private static final String ROUTE = "/{database}?q=";
  private static final String HOW_TO =
      "Create a login that may only SELECT what everybody may see, and configure its URL as"
          + " read-url of the database.";

  private final BiConsumer<Exchange, DatabaseReads> index;

  /**
   * Answers requests of one event loop.
   *
   * @param index answers where there is no {@code q}
   */
  public SqlApi(BiConsumer<Exchange, DatabaseReads> index) {
    this.index = index;
  }

  /** Of {@code /{database}} with the SQL in the query string. */
  public void handle(Exchange exchange, DatabaseReads reads) {
    answer(exchange, reads, exchange.query());
  }

  /**
   * Of {@code /{database}/q=SELECT …}; parameters may follow in the path or in the query string.
   */
  public void handlePath(Exchange exchange, DatabaseReads reads) {
    String path = exchange.rawPath();
    String inPath = path.substring(path.indexOf('/', 1) + 1);
    String query = exchange.query();
    answer(exchange, reads, query.isEmpty() ? inPath : inPath + "&" + query);
  }

  private void answer(Exchange exchange, DatabaseReads reads, String queryString) {
    try {
      QueryString query = QueryString.parse(queryString);
      List<String> keys = query.parameters().stream().map(Parameter::key).toList();
      Rights rights = exchange.caller().rights();
      String database = reads.settings().name();
      if (keys.contains("q")) {
        exchange.route(ROUTE);
        if (rights.mayQuery(database)) {
          run(exchange, reads, query);
        } else {
          Denial.answer(exchange, "send SQL to the database " + database);
        }
      } else if (keys.isEmpty()) {
        if (rights.mayLookInto(database)) {
          index.accept(exchange, reads);
        } else {
          Denial.answer(exchange, "look into the database " + database);
        }
      } else {
        exchange.problem(unknown(keys.getFirst(), reads));
      }
    } catch (QueryRefused refused) {
      exchange.problem(DatabaseErrors.of(refused));
    } catch (SqlRefused refused) {
      exchange.problem(refusal(refused));
    }
  }

  private static void run(Exchange exchange, DatabaseReads reads, QueryString query)
      throws SqlRefused {
    Optional<DatabaseCatalog> catalog = reads.keeper().current().map(CatalogKeeper.Loaded::catalog);
    if (!reads.settings().sql().enabled() || reads.settings().readUrl().isEmpty()) {
      exchange.problem(switchedOff(reads.settings().sql().enabled()));
    } else if (catalog.isEmpty()) {
      ErrorAnswers.unavailable(exchange);
    } else if (catalog.get().excessOfLogin() != null) {
      exchange.problem(tooPowerful(catalog.get().excessOfLogin()));
    } else {
      run(exchange, reads, query, catalog.get().names());
    }
  }

  private static void run(Exchange exchange, DatabaseReads reads, QueryString query, SqlNames names)
      throws SqlRefused {
    Map<String, String> values = values(query);
    String sql = String.valueOf(values.remove("q"));
    String format = values.remove("format");
    String explain = values.remove("explain");
    boolean plans = reads.settings().dialect().plans();
    Optional<SqlForm> form =
        explain == null
            ? SqlForm.of(format, exchange.header("Accept"), plans)
            : SqlForm.explained(explain, format);
    if (explain != null && !plans) {
      exchange.problem(noPlans());
    } else if (form.isEmpty()) {
      exchange.problem(explain == null ? noSuchFormat() : noSuchPlan(explain));
    } else {
      SqlRequest request = SqlRequest.of(sql, values, names);
      new SqlRead(exchange, reads, request, form.get()).start();
    }
  }

  private static Problem noPlans() {
    return Problem.of(
        ErrorCode.ESC147,
        "Plans are not shown for this database",
        "The configuration may say plan-enabled: true for it.");
  }

  private static Problem noSuchFormat() {
    return Problem.of(
        ErrorCode.ESC124,
        "There is no such format",
        "Use format=json, ndjson, csv, arrow or parquet, or their media types in Accept.");
  }

  private static Problem noSuchPlan(String explain) {
    return Problem.of(
        ErrorCode.ESC124,
        "There is no plan '%s'".formatted(explain),
        "Use explain=text or explain=json, and of analyze, verbose, settings, buffers and wal, with"
            + " commas between them.");
  }

  private static Map<String, String> values(QueryString query) throws SqlRefused {
    Map<String, String> values = new HashMap<>();
    for (Parameter parameter : query.parameters()) {
      if (values.put(parameter.key(), parameter.value()) != null) {
        throw SqlRefused.givenTwice(parameter.key());
      }
    }
    return values;
  }

  private static Problem refusal(SqlRefused refused) {
    ErrorCode code =
        switch (refused.kind()) {
          case RULE -> ErrorCode.ESC120;
          case PARAMETER -> ErrorCode.ESC123;
        };
    return Problem.of(code, refused.message(), refused.hint());
  }

  private static Problem unknown(String key, DatabaseReads reads) {
    String meant = Suggestion.nearest(key, Set.of("q")).isPresent() ? "Is q meant? " : "";
    return Problem.of(
        ErrorCode.ESC104,
        "The list of relations has no parameter '%s'".formatted(key),
        meant
            + "SQL goes into ?q=, conditions behind /%s/{relation}."
                .formatted(reads.settings().name()));
  }

  private static Problem switchedOff(boolean enabled) {
    return Problem.of(
        ErrorCode.ESC122,
        "SQL over HTTP is switched off for this database",
        enabled ? HOW_TO : "The configuration says sql.enabled: false.");
  }

  private static Problem tooPowerful(String excess) {
    return Problem.of(
            ErrorCode.ESC122,
            "SQL over HTTP is switched off: its login may do more than read",
            HOW_TO)
        .withDetails("The login %s.".formatted(excess));
  }
}
