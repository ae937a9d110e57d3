package dev.escala.serve.relation;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.http.Exchange;
import java.util.Optional;

/** Which of several schemas a client chose. */
public final class Profile {

  private Profile() {}

  /** The schema that was chosen, or else the default one. */
  public static String schema(Exchange exchange, DatabaseCatalog catalog) {
    return of(exchange).orElseGet(() -> catalog.schemas().getFirst());
  }

  /** Reads accept a profile; all else has one. */
  static Optional<String> of(Exchange exchange) {
    boolean reads = exchange.isHead() || exchange.method().equals("GET");
    return Optional.ofNullable(exchange.header(reads ? "Accept-Profile" : "Content-Profile"));
  }
}
