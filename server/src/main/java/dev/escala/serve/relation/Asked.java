package dev.escala.serve.relation;

import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import dev.escala.query.ReadRequest;
import dev.escala.query.RequestParser;
import dev.escala.serve.database.DatabaseReads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what every read begins with: what is accepted, preferred, and asked for. */
final class Asked {

  private Asked() {}

  /** Empty where a problem is answered. */
  static Optional<RelationRequest> of(Exchange exchange, QueryString query, DatabaseReads reads)
      throws QueryRefused {
    Accepted accepted =
        Accepted.of(query, exchange.header("Accept"), reads.settings().dialect().plans());
    Preferences preferences = Preferences.parse(exchange.headers().getAll("Prefer"));
    if (preferences.isStrict() && !preferences.unknown().isEmpty()) {
      exchange.problem(unknownPreferences(preferences));
      return Optional.empty();
    }
    return Optional.of(
        new RelationRequest(
            exchange, query, read(exchange, query), accepted, preferences, Optional.empty()));
  }

  private static ReadRequest read(Exchange exchange, QueryString query) throws QueryRefused {
    List<Parameter> asked = new ArrayList<>(query.parameters());
    asked.removeIf(Accepted::isFormat);
    ReadRequest parsed = RequestParser.parse(new QueryString(asked));
    String range = exchange.isHead() ? null : exchange.header("Range");
    return parsed.with(parsed.page().within(range));
  }

  private static Problem unknownPreferences(Preferences preferences) {
    return new Problem(
        400,
        "PGRST122",
        "Invalid preferences given with handling=strict",
        "Invalid preferences: " + String.join(", ", preferences.unknown()),
        null);
  }
}
