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

  /** The most rejections, and ranges of items to send again, that an answer lists. */
  private static final int MAX_LISTED = 100;

  private static final int OK = 200;
  private static final int NOTHING_ACCEPTABLE = 422;

  private static final String AGAIN =
      "Send the request again; with an Idempotency-Key, or a key in the data, nothing is stored"
          + " twice.";

  private final List<Map<String, Object>> rejections = new ArrayList<>();
  private final List<int[]> returned = new ArrayList<>();
  private int stored;
  private int duplicates;
  private int rejected;
  private int returnedTotal;
  private @Nullable ReturnReason reason;

  private PublishAnswer() {}

  /**
   * 200 with the counts; 422 with the same body where every item was rejected; 503 with the same
   * members beside those of an error where at least one item is to be sent again.
   *
   * @param hasIdempotencyKey whether a repeat of the whole request is recognised
   */
  static void give(Exchange exchange, List<Outcome> outcomes, boolean hasIdempotencyKey) {
    give(exchange, outcomes, hasIdempotencyKey, NOTHING_ACCEPTABLE);
  }

  /** The same for SNS, to which a message that is kept as a dead letter is delivered. */
  static void giveToSns(Exchange exchange, List<Outcome> outcomes) {
    give(exchange, outcomes, true, OK);
  }

  private static void give(
      Exchange exchange, List<Outcome> outcomes, boolean hasIdempotencyKey, int ofNothing) {
    PublishAnswer answer = new PublishAnswer();
    for (int i = 0; i < outcomes.size(); i++) {
      answer.count(i, outcomes.get(i));
    }
    int received = outcomes.size();
    if (answer.reason != null) {
      Problem problem = answer.problem(answer.reason, received, hasIdempotencyKey);
      exchange.problem(problem.with(answer.members(received)), RETRY_SECONDS);
    } else {
      boolean nothing = answer.rejected > 0 && answer.rejected == received;
      exchange.json(nothing ? ofNothing : OK, JsonText.of(answer.members(received)));
    }
  }

  private void count(int index, Outcome outcome) {
    switch (outcome) {
      case Outcome.Stored _ -> stored++;
      case Outcome.Duplicate _ -> duplicates++;
      case Outcome.Rejected(Rejection rejection) -> {
        if (rejected++ < MAX_LISTED) {
          rejections.add(describe(index, rejection));
        }
      }
      case Outcome.Returned(ReturnReason why) -> {
        reason = why;
        returnedTotal++;
        addReturned(index);
      }
    }
  }

  private void addReturned(int index) {
    if (!returned.isEmpty() && returned.getLast()[1] == index - 1) {
      returned.getLast()[1] = index;
    } else {
      returned.add(new int[] {index, index});
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

  private Map<String, Object> members(int received) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("received", received);
    members.put("stored", stored);
    members.put("duplicates", duplicates);
    members.put("rejected", rejections);
    members.put("rejected_total", rejected);
    if (returnedTotal > 0) {
      // Without a full list nobody can tell which items to send again from this answer alone.
      members.put(
          "returned",
          returned.size() > MAX_LISTED
              ? List.of()
              : returned.stream().map(range -> List.of(range[0], range[1])).toList());
      members.put("returned_total", returnedTotal);
    }
    return members;
  }

  private Problem problem(ReturnReason why, int received, boolean hasIdempotencyKey) {
    boolean inPart = stored + duplicates + rejected > 0;
    String hint =
        inPart && !hasIdempotencyKey
            ? "Send the items of \"returned\" again, by their positions from 0. A repeat of the"
                + " whole body stores the others twice, unless the topic has a key or both requests"
                + " have one Idempotency-Key."
            : AGAIN;
    return unavailable(why, hint)
        .withDetails(
            ("Of %,d items %,d are stored, %,d were there before, %,d are rejected; %,d are to be"
                    + " sent again.")
                .formatted(received, stored, duplicates, rejected, returnedTotal));
  }

  /** Why nothing can be stored now. */
  static Problem unavailable(ReturnReason reason) {
    return unavailable(reason, AGAIN);
  }

  private static Problem unavailable(ReturnReason reason, String hint) {
    return switch (reason) {
      case DATABASE_UNAVAILABLE ->
          Problem.of(ErrorCode.ESC001, "The database does not take rows now", hint);
      case TABLE_MISCONFIGURED ->
          Problem.of(
              ErrorCode.ESC003, "The table of the topic does not fit its configuration", hint);
      case TABLE_LOCKED ->
          Problem.of(ErrorCode.ESC004, "The table has to change, and is in use", hint);
      case SHUTDOWN -> Problem.of(ErrorCode.ESC002, "The server stops", hint);
    };
  }
}
