package dev.escala.app;

import dev.escala.app.LetterFilter.Unreadable;
import dev.escala.decode.TableName;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.model.LoopState;
import dev.escala.model.OpenLetters;
import dev.escala.model.Rights;
import dev.escala.model.Suggestion;
import dev.escala.ops.TopicFlow.Hour;
import dev.escala.ops.TopicFlow.Sums;
import dev.escala.ops.TopicFlows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The way of topics through this process, as JSON. */
final class TopicReport {
  private static final int LISTED = 100;
  private static final int MOST_LISTED = 500;

  private final Configuration configuration;
  private final TopicFlows flows;

  TopicReport(Configuration configuration, TopicFlows flows) {
    this.configuration = configuration;
    this.flows = flows;
  }

  /** In the order of their names, those that the caller may operate. */
  void list(Exchange exchange) {
    try {
      LetterQuery query = LetterQuery.plain(exchange.query(), "after", "limit");
      int limit = (int) query.number("limit", LISTED, 1, MOST_LISTED);
      String after = query.text("after").orElse("");
      Rights rights = exchange.caller().rights();
      List<String> names =
          names().stream()
              .filter(name -> name.compareTo(after) > 0 && rights.mayOperate(name))
              .limit(limit + 1L)
              .toList();
      List<String> shown = names.size() > limit ? names.subList(0, limit) : names;
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("since", flows.since().toString());
      members.put("topics", shown.stream().map(name -> topic(name, false)).toList());
      members.put("next", names.size() > limit ? shown.getLast() : null);
      exchange.json(200, JsonText.of(members));
    } catch (Unreadable unreadable) {
      exchange.problem(Problem.of(ErrorCode.ESC163, String.valueOf(unreadable.getMessage()), null));
    }
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(flows.topics());
    names.addAll(configuration.topics().keySet());
    return names;
  }

  /** One with each minute of its last hour. */
  void show(Exchange exchange) {
    String name = exchange.path().get(1);
    if (names().contains(name)) {
      Map<String, @Nullable Object> members = topic(name, true);
      members.put("since", flows.since().toString());
      exchange.json(200, JsonText.of(members));
    } else {
      exchange.problem(
          Problem.of(
              ErrorCode.ESC103,
              "There is no topic of this name, or nothing came to it yet",
              Suggestion.nearest(name, configuration.topics().keySet())
                  .map(near -> "Did you mean " + near + "?")
                  .orElse("GET /topics lists them.")));
    }
  }

  private Map<String, @Nullable Object> topic(String name, boolean minutes) {
    Hour hour = flows.hour(name);
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("topic", name);
    members.put("table", table(name).map(TopicReport::table).orElse(null));
    members.put(
        "sources",
        flows.loops(name).stream()
            .map(LoopState::source)
            .map(each -> each.label())
            .distinct()
            .toList());
    members.put("last_hour", sums(hour.all()));
    members.put("received_by_minute", hour.minutes().stream().map(Sums::received).toList());
    if (minutes) {
      members.put("stored_by_minute", hour.minutes().stream().map(Sums::stored).toList());
      members.put("rejected_by_minute", hour.minutes().stream().map(Sums::rejected).toList());
    }
    members.put("in_flight", hour.inFlight());
    members.put("oldest_seconds", flows.oldest(name).map(TopicReport::seconds).orElse(null));
    members.put("waiting", flows.waiting(name).orElse(null));
    members.put("dead_letters", letters(flows.letters(name)));
    return members;
  }

  private Optional<TableName> table(String topic) {
    return TopicName.isValid(topic)
        ? configuration.rows(topic).map(rows -> rows.table())
        : Optional.empty();
  }

  private static Map<String, String> table(TableName table) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("database", table.database());
    members.put("schema", table.schema());
    members.put("name", table.table());
    return members;
  }

  private static Map<String, Object> sums(Sums sums) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("received", sums.received());
    members.put("decoded", sums.decoded());
    members.put("stored", sums.stored());
    members.put("duplicates", sums.duplicates());
    members.put("rejected", sums.rejected());
    members.put("returned", sums.returned());
    members.put("lag_seconds", seconds(sums.lag()));
    members.put("longest_lag_seconds", seconds(sums.longestLag()));
    return members;
  }

  private static Map<String, Object> letters(List<OpenLetters> open) {
    List<Map<String, Object>> reasons = new ArrayList<>();
    for (OpenLetters each : open) {
      Map<String, Object> reason = new LinkedHashMap<>();
      reason.put("reason", each.reason());
      reason.put("open", each.count());
      reason.put("or_more", each.orMore());
      reason.put("oldest", each.oldest().toString());
      reasons.add(reason);
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("open", open.stream().mapToLong(OpenLetters::count).sum());
    members.put("or_more", open.stream().anyMatch(OpenLetters::orMore));
    open.stream()
        .map(OpenLetters::oldest)
        .min(Instant::compareTo)
        .ifPresent(oldest -> members.put("oldest", oldest.toString()));
    members.put("reasons", reasons);
    return members;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
