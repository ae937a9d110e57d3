package dev.escala.serve.relation;

import dev.escala.http.Exchange;
import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import dev.escala.query.ReadRequest;
import dev.escala.serve.database.DialectSettings;
import dev.escala.serve.rows.MediaType;
import dev.escala.serve.rows.PlanType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that a client asked for in one read of a relation.
 *
 * @param tag of the answer as it would be now, where the version of the table is known
 */
record RelationRequest(
    Exchange exchange,
    QueryString query,
    ReadRequest read,
    Accepted accepted,
    Preferences preferences,
    Optional<EntityTag> tag) {

  RelationRequest named(Optional<EntityTag> known) {
    return new RelationRequest(exchange, query, read, accepted, preferences, known);
  }

  /** Of the server's own, in which it is answered where nothing of the database does. */
  MediaType form() {
    return accepted.form();
  }

  /** How it is run, instead of the rows; null for these. */
  @Nullable PlanType plan() {
    return accepted.plan();
  }

  /** The same for no more rows than that. */
  RelationRequest atMost(long rows) {
    return rows == DialectSettings.ALL
        ? this
        : new RelationRequest(
            exchange, query, read.with(read.page().atMost(rows)), accepted, preferences, tag);
  }

  /** Whether the client chose a schema. */
  boolean isProfiled() {
    return Profile.of(exchange).isPresent();
  }

  /** The value of {@code Content-Location}: the path with the parameters sorted by key. */
  static String location(Exchange exchange, QueryString query) {
    StringBuilder location = new StringBuilder(80);
    for (String segment : exchange.path()) {
      location.append('/').append(encoded(segment));
    }
    List<Parameter> parameters = new ArrayList<>(query.parameters());
    query.bare().forEach(key -> parameters.add(new Parameter(key, "")));
    parameters.sort(Comparator.comparing(Parameter::key));
    char before = '?';
    for (Parameter parameter : parameters) {
      location.append(before).append(encoded(parameter.key()));
      location.append('=').append(encoded(parameter.value()));
      before = '&';
    }
    return location.toString();
  }

  /** The value of {@code Link}: the same request from another position on. */
  String linkTo(String after) {
    return query.parameters().stream()
        .filter(parameter -> !parameter.key().equals("after") || parameter.value().contains("."))
        .map(parameter -> encoded(parameter.key()) + "=" + encoded(parameter.value()) + "&")
        .collect(Collectors.joining("", "<?", "after=" + after + ">; rel=\"next\""));
  }

  /** Whether nobody counted how many rows stand before the first. */
  boolean isInTheMiddle() {
    String after = read.beyond().after();
    return after != null && !after.isEmpty();
  }

  private static String encoded(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '.') {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
      }
    }
    return text;
  }
}
