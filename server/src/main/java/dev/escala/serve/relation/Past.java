package dev.escala.serve.relation;

import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import dev.escala.serve.database.DialectSettings;
import dev.escala.serve.database.PastRows;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The link to rows that a read could want, and that are too old to be here. */
final class Past {
  private static final String TIME = "_event_time";
  private static final Pattern LEAST = Pattern.compile("(?:gte?|eq)\\.(.+)");

  private Past() {}

  /** The value of {@code Link}; empty where all that is asked for is here. */
  static Optional<String> link(DialectSettings settings, Subject subject, QueryString query) {
    return subject.isCall()
        ? Optional.empty()
        : settings
            .past(subject.relation())
            .filter(rows -> mayReach(rows, query, Instant.now()))
            .map(rows -> "<%s>; rel=\"archives\"".formatted(rows.location()));
  }

  /** Unless a filter says that only later rows are asked for. */
  static boolean mayReach(PastRows rows, QueryString query, Instant now) {
    Instant last = now.minus(rows.after());
    return query.parameters().stream()
        .filter(parameter -> parameter.key().equals(TIME))
        .map(Parameter::value)
        .noneMatch(filter -> isLater(filter, last));
  }

  private static boolean isLater(String filter, Instant last) {
    Matcher least = LEAST.matcher(filter);
    if (!least.matches()) {
      return false;
    }
    String text = least.group(1);
    try {
      Instant instant =
          text.length() == "2026-01-01".length()
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant();
      return instant.isAfter(last);
    } catch (DateTimeParseException otherwise) {
      return false; // the database may read it; the link does no harm
    }
  }
}
