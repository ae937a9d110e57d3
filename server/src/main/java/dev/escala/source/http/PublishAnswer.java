package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.model.Outcome;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what became of a request, and tells its client. */
final class PublishAnswer {
  static final int RETRY_SECONDS = 5;

  /** The most rejections that an answer describes; the others are counted. */
  private static final int MAX_DESCRIBED = 100;

  private static final int OK = 200;
  private static final int NOTHING_ACCEPTABLE = 422;

  private final List<Map<String, Object>> described = new ArrayList<>();
  private int stored;
  private int duplicates;
  private int rejected;
  private @Nullable ReturnReason returned;

  private PublishAnswer() {}

  /**
   * 200 with the counts; 422 with the same body where every item was rejected; 503 where at least
   * one is neither stored nor rejected, and the request is to be sent again.
   */
  static void give(Exchange exchange, List<Outcome> outcomes) {
    PublishAnswer answer = new PublishAnswer();
    for (int i = 0; i < outcomes.size(); i++) {
      answer.count(i, outcomes.get(i));
    }
    if (answer.returned != null) {
      exchange.problem(answer.problem(answer.returned, outcomes.size()), RETRY_SECONDS);
    } else {
      int status =
          answer.rejected > 0 && answer.rejected == outcomes.size() ? NOTHING_ACCEPTABLE : OK;
      exchange.json(status, answer.json(outcomes.size()));
    }
  }

  private void count(int index, Outcome outcome) {
    switch (outcome) {
      case Outcome.Stored row -> stored++;
      case Outcome.Duplicate row -> duplicates++;
      case Outcome.Rejected(Rejection rejection) -> {
        if (rejected++ < MAX_DESCRIBED) {
          described.add(describe(index, rejection));
        }
      }
      case Outcome.Returned(ReturnReason reason) -> returned = reason;
    }
  }

  private static Map<String, Object> describe(int index, Rejection rejection) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("index", index);
    members.put("reason", rejection.reason().code());
    if (rejection.column() != null) {
      members.put("column", rejection.column());
    }
    members.put("detail", rejection.detail());
    if (rejection.sqlState() != null) {
      members.put("sqlstate", rejection.sqlState());
    }
    return members;
  }

  private String json(int received) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("received", received);
    members.put("stored", stored);
    members.put("duplicates", duplicates);
    members.put("rejected", described);
    members.put("rejected_total", rejected);
    return JsonText.of(members);
  }

  private Problem problem(ReturnReason reason, int received) {
    return unavailable(reason)
        .withDetails(
            ("Of %,d items %,d are stored, %,d were there before, %,d are rejected; the others are"
                    + " not stored.")
                .formatted(received, stored, duplicates, rejected));
  }

  /** Why nothing can be stored now. */
  static Problem unavailable(ReturnReason reason) {
    String hint =
        "Send the request again; with an Idempotency-Key, or a key in the data, nothing is stored"
            + " twice.";
    return switch (reason) {
      case DATABASE_UNAVAILABLE ->
          Problem.of(ErrorCode.ESC001, "The database does not take rows now", hint);
      case TABLE_MISCONFIGURED ->
          Problem.of(
              ErrorCode.ESC003, "The table of the topic does not fit its configuration", hint);
      case SHUTDOWN -> Problem.of(ErrorCode.ESC002, "The server stops", hint);
    };
  }
}
