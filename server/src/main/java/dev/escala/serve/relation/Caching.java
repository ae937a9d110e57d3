package dev.escala.serve.relation;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import dev.escala.catalog.Representation;
import dev.escala.http.Exchange;
import dev.escala.model.Caller;
import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import dev.escala.query.ReadPlanner;
import dev.escala.serve.database.DatabaseReads;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What caches are told of an answer (RFC 9111, section 5.2.2).
 *
 * @param tag by which they may ask whether it is still the same
 * @param maxAge for which they may give it again without asking; zero for not at all
 */
record Caching(Optional<EntityTag> tag, Duration maxAge) {
  /** Constants that PostgreSQL reads differently tomorrow, and casts, by which data may be some. */
  private static final Pattern PASSING =
      Pattern.compile("now|today|tomorrow|yesterday|::", Pattern.CASE_INSENSITIVE);

  /** Of an answer that may be another one although the table is the same. */
  static Caching untagged(DatabaseReads reads, Relation relation) {
    return new Caching(Optional.empty(), reads.settings().dialect().maxAge().of(relation));
  }

  /** Of rows; with a tag where they are those of one table, and of nothing else. */
  static Caching of(
      RelationRequest request, DatabaseReads reads, Subject subject, ReadPlanner planner) {
    Caching untagged = untagged(reads, subject.relation());
    boolean isOfTable =
        !subject.isCall()
            && reads.settings().dialect().preRequest() == null
            && request.plan() == null
            && request.preferences().count().isOfRows()
            && planner.embedded().isEmpty()
            && isStable(subject.relation(), request.query());
    return isOfTable ? new Caching(request.tag(), untagged.maxAge()) : untagged;
  }

  private static boolean isStable(Relation relation, QueryString query) {
    if (relation.kind() != RelationKind.TABLE) {
      return false;
    }
    for (RelationColumn column : relation.columns().values()) {
      if (!column.representation().equals(Representation.NONE)) {
        return false;
      }
    }
    Matcher passing = PASSING.matcher("");
    for (Parameter parameter : query.parameters()) {
      if (mayPass(relation, passing, parameter.key())
          || mayPass(relation, passing, parameter.value())) {
        return false;
      }
    }
    return true;
  }

  private static boolean mayPass(Relation relation, Matcher passing, String text) {
    if (passing.reset(text).find()) {
      return true;
    }
    for (String computed : relation.computed().keySet()) {
      if (text.contains(computed)) {
        return true;
      }
    }
    return false;
  }

  /** Sets the headers. */
  void tell(Exchange exchange) {
    tag.ifPresent(known -> exchange.with(HttpHeaders.ETAG, known.value()));
    long seconds = maxAge.toSeconds();
    if (seconds > 0 || tag.isPresent()) {
      String who = exchange.caller().kind() == Caller.Kind.KNOWN ? "private, " : "";
      exchange.with(
          HttpHeaders.CACHE_CONTROL, who + (seconds > 0 ? "max-age=" + seconds : "no-cache"));
    }
  }
}
