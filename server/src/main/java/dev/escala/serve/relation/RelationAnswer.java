package dev.escala.serve.relation;

import dev.escala.http.Exchange;
import dev.escala.http.HeaderText;
import dev.escala.http.Problem;
import dev.escala.query.Page;
import dev.escala.query.QueryString;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.ResponseSettings;
import dev.escala.serve.rows.PlanType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Status and headers of an answer with rows of a relation.
 *
 * @param caching what caches are told
 * @param choice whether there are several schemas, so that the answer names its own
 * @param type the value of {@code Content-Type}
 * @param said what functions said of the answer, which goes before
 * @param next where the page begins that follows, if one does
 * @param past the link to rows that are too old to be here
 */
record RelationAnswer(
    RelationRequest request,
    Subject subject,
    Caching caching,
    boolean choice,
    String type,
    ResponseSettings said,
    Optional<String> next,
    Optional<String> past) {
  /** Clients and proxies refuse answers with longer headers. */
  private static final int MOST_LOCATION_CHARACTERS = 2_000;

  static final CharSequence VARY = HttpHeaders.createOptimized("Accept, Prefer, Range");

  RelationAnswer(
      RelationRequest request, Subject subject, Caching caching, DatabaseSettings settings) {
    this(
        request,
        subject,
        caching,
        settings.schemas().size() > 1,
        request.form().header(),
        ResponseSettings.NONE,
        Optional.empty(),
        Past.link(settings.dialect(), subject, request.query()));
  }

  RelationAnswer saying(ResponseSettings settings) {
    return new RelationAnswer(
        request, subject, caching, choice, settings.type(type), settings, next, past);
  }

  /** The same of another media type. */
  RelationAnswer as(String other) {
    return new RelationAnswer(request, subject, caching, choice, other, said, next, past);
  }

  RelationAnswer leadingTo(Optional<String> after) {
    return new RelationAnswer(request, subject, caching, choice, type, said, after, past);
  }

  /** Says where the answer is found. */
  static void locate(Exchange exchange, QueryString query) {
    if (exchange.query().length() <= MOST_LOCATION_CHARACTERS) {
      exchange.with("Content-Location", RelationRequest.location(exchange, query));
    }
  }

  /** Answers that nothing was to be given. */
  void nothing() {
    said.prepare(request.exchange());
    request.exchange().nothing(said.status(204));
  }

  /** Answers with all rows of the page. */
  void whole(Buffer body, int rowsRead, @Nullable Long total) {
    long offset = request.read().page().offset();
    if (total != null && offset > total) {
      request.exchange().with(HttpHeaders.CONTENT_RANGE, "*/" + total);
      request.exchange().problem(beyond(offset, total));
      return;
    }
    request.exchange().with(HttpHeaders.CONTENT_RANGE, contentRange(offset, rowsRead, total));
    request.exchange().answer(headers(rowsRead, total), type, body);
  }

  private static Problem beyond(long offset, long total) {
    return new Problem(
        416,
        "PGRST103",
        "Requested range not satisfiable",
        "An offset of %d was requested, but there are only %d rows.".formatted(offset, total),
        null);
  }

  private String contentRange(long offset, long rowsRead, @Nullable Long total) {
    String pages =
        rowsRead == 0 || request.isInTheMiddle() ? "*" : offset + "-" + (offset + rowsRead - 1);
    return pages + "/" + (total == null ? "*" : Long.toString(total));
  }

  /** Sets the headers that do not depend on the rows, and gives the status. */
  int headers(long rowsRead, @Nullable Long total) {
    request.exchange().ended("transaction");
    if (next.isPresent() || past.isPresent()) {
      String links =
          Stream.concat(next.map(request::linkTo).stream(), past.stream())
              .collect(Collectors.joining(", "));
      request.exchange().with("Link", links);
    }
    if (!subject.isCall()) {
      locate(request.exchange(), request.query());
    }
    caching.tell(request.exchange());
    request.exchange().vary(VARY);
    if (choice || request.isProfiled()) {
      request.exchange().with("Content-Profile", subject.relation().schema());
    }
    request
        .preferences()
        .applied()
        .ifPresent(applied -> request.exchange().with("Preference-Applied", applied));
    warn();
    said.prepare(request.exchange());
    return said.status(total != null && rowsRead < total ? 206 : 200);
  }

  /** In PostgREST's words, which clients may look for. */
  private void warn() {
    if (request.read().isFlat()) {
      return;
    }
    String renamed =
        request
            .read()
            .calledByRelation()
            .map(embed -> "`%s` to `%s`".formatted(embed.relation(), embed.name()))
            .collect(Collectors.joining(", "));
    if (!renamed.isEmpty()) {
      String warning =
          ("299 Escala \"Embedded resource was referenced by relation name even though it has an"
                  + " alias. This is deprecated and will stop working in a future release. Update"
                  + " %s in query string filters, orders or limits.\"")
              .formatted(HeaderText.quotable(renamed));
      request.exchange().with("Warning", warning);
    }
  }

  /** Answers with a plan: lines of text, or one JSON. */
  void plan(PlanType type, RowSet<Row> lines) {
    headers(0, null);
    request.exchange().answer(200, type.header(), type.body(lines));
  }

  /** Answers that of so many rows in all the page does not have exactly one. */
  void notSingle(long all) {
    Page page = request.read().page();
    long left = Math.max(0, all - page.offset());
    Long limit = page.limit();
    long rows = limit == null ? left : Math.min(left, limit);
    request
        .exchange()
        .problem(
            new Problem(
                406,
                "PGRST116",
                "Cannot coerce the result to a single JSON object",
                "The result contains %d rows".formatted(rows),
                null));
  }
}
