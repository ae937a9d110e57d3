package dev.escala.serve.tail;

import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.http.Question;
import dev.escala.query.Page;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import dev.escala.query.ReadRequest;
import dev.escala.query.RequestParser;
import dev.escala.query.SelectItem;
import dev.escala.serve.rows.Negotiation;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What somebody who listens asks of each row, and the same as a read of some rows. */
record TailQuery(Exchange exchange, QueryString asked, ReadRequest read) {
  /** The column by which rows are found, first in each that is read. */
  static final String KEY = "_id";

  /** They are of the one who listens, and not of each read. */
  private static final List<String> OF_LISTENER =
      List.of("Last-Event-ID", "If-None-Match", "If-Modified-Since", "Range");

  static TailQuery of(Exchange exchange) throws QueryRefused {
    QueryString asked = QueryString.parse(exchange.query());
    List<Parameter> ofRows =
        asked.parameters().stream().filter(parameter -> !isFormat(parameter)).toList();
    return new TailQuery(exchange, asked, RequestParser.parse(new QueryString(ofRows)));
  }

  /** What of it has no meaning for rows that come one by one; null where nothing is wrong. */
  @Nullable Problem problem() {
    return misplaced()
        .map(
            what ->
                Problem.of(
                    ErrorCode.ESC155,
                    "Rows that come as they are stored have no " + what,
                    "Filters and select may stay, with relations that are embedded; what else there"
                        + " is can be read with Accept: application/json."))
        .orElse(null);
  }

  private Optional<String> misplaced() {
    boolean counts =
        exchange.headers().getAll("Prefer").stream().anyMatch(text -> text.contains("count="));
    boolean aggregates =
        read.select().stream().anyMatch(SelectItem.Aggregate.class::isInstance)
            || read.beyond().distinct()
            || !read.beyond().having().isEmpty();
    if (!read.order().isEmpty()) {
      return Optional.of("order");
    } else if (!read.page().equals(Page.ALL) || read.isWalk() || exchange.header("Range") != null) {
      return Optional.of("pages: no limit, offset, after or Range");
    } else if (aggregates) {
      return Optional.of("aggregates, distinct or having");
    } else if (counts) {
      return Optional.of("count");
    }
    return asked.parameters().stream().anyMatch(TailQuery::isFormat)
        ? Optional.of("format but that of events")
        : Optional.empty();
  }

  private static boolean isFormat(Parameter parameter) {
    return parameter.key().equals("format") && Negotiation.named(parameter.value()).isPresent();
  }

  /** Asks for the rows with these keys, as lines of JSON that begin with the key. */
  Question question(List<String> keys) {
    String select =
        asked.parameters().stream()
            .filter(parameter -> parameter.key().equals("select"))
            .findFirst()
            .map(Parameter::value)
            .orElse("*");
    String list =
        keys.stream().map(TailQuery::quoted).collect(Collectors.joining(",", "in.(", ")"));
    Stream<Parameter> filters =
        asked.parameters().stream().filter(parameter -> !parameter.key().equals("select"));
    String query =
        Stream.concat(
                Stream.of(
                    new Parameter("select", select.isBlank() ? KEY : KEY + "," + select),
                    new Parameter(KEY, list)),
                filters)
            .map(each -> Question.encoded(each.key()) + "=" + Question.encoded(each.value()))
            .collect(Collectors.joining("&"));
    return new Question("GET", exchange.path(), query, headers());
  }

  private static String quoted(String key) {
    return '"' + key.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private MultiMap headers() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(exchange.headers());
    OF_LISTENER.forEach(headers::remove);
    return headers.set("Accept", "application/x-ndjson");
  }
}
