package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.model.Suggestion;
import dev.escala.source.http.TopicsApi.Opening;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Leads what was published to the source of its topic, or refuses it. */
final class Admissions {
  private final TopicsApi.Sources topics;

  Admissions(TopicsApi.Sources topics) {
    this.topics = topics;
  }

  /** By the head alone: a body that would find no room is not worth to be kept. */
  void requireRoom(Exchange exchange, String topic, long announced) throws RequestRefused {
    Optional<HttpSource> open = topics.opened(topic);
    if (open.isPresent()) {
      requireAdmitted(topic, open.get().foresee(exchange.client(), Math.max(1, announced)));
    }
  }

  /** So that no work is done for what is refused. */
  static void requireRoom(HttpSource source, long bytes) throws RequestRefused {
    requireAdmitted(source.topic(), source.foresee(bytes));
  }

  /** Also for what would wait too long in line, which only the real length tells. */
  static void requireRoom(Exchange exchange, HttpSource source, long bytes) throws RequestRefused {
    requireAdmitted(source.topic(), source.foresee(exchange.client(), bytes));
  }

  /** The source of a topic, opened where it is not yet; blocks. */
  HttpSource source(Exchange exchange, String topic) throws RequestRefused {
    return switch (topics.source(topic, exchange.clientAddress())) {
      case Opening.Open(HttpSource source) -> source;
      case Opening.Unknown _ -> throw unknown(topic, topics.names());
      case Opening.Refused(Problem problem, int retryAfterSeconds) ->
          throw new RequestRefused(problem, retryAfterSeconds);
      case Opening.Unavailable(ReturnReason reason) -> throw unavailable(reason);
    };
  }

  private static RequestRefused unknown(String topic, Collection<String> names) {
    return new RequestRefused(
        ErrorCode.ESC103,
        "There is no topic " + topic,
        Suggestion.nearest(topic, names)
            .map(near -> "Did you mean " + near + "?")
            .orElse("Topics are configured in escala.yaml."));
  }

  /**
   * Submits messages.
   *
   * @param settled gets the outcomes; null: the client does not wait for them
   */
  void submit(
      Exchange exchange,
      HttpSource source,
      HttpSource.Request messages,
      @Nullable Consumer<List<Outcome>> settled)
      throws RequestRefused {
    HttpSource.Admission admission =
        settled == null ? source.submit(messages) : source.submit(messages, settled);
    if (admission == HttpSource.Admission.STOPPED) {
      submitAgain(exchange, source, messages, settled);
    } else {
      requireAdmitted(source.topic(), admission);
    }
  }

  /** A topic that nobody used may close at this moment; then it is opened anew. */
  private void submitAgain(
      Exchange exchange,
      HttpSource stopped,
      HttpSource.Request messages,
      @Nullable Consumer<List<Outcome>> settled)
      throws RequestRefused {
    HttpSource source = source(exchange, stopped.topic());
    if (source.equals(stopped)) {
      throw unavailable(ReturnReason.SHUTDOWN);
    }
    submit(exchange, source, messages, settled);
  }

  private static void requireAdmitted(String topic, HttpSource.Admission admission)
      throws RequestRefused {
    switch (admission) {
      case ADMITTED -> {
        // as it should be
      }
      case NO_ROOM ->
          throw RequestRefused.forNow("The topic " + topic + " has no room for more messages now");
      case PAUSED -> throw unavailable(ReturnReason.DATABASE_UNAVAILABLE);
      case STOPPED -> throw unavailable(ReturnReason.SHUTDOWN);
    }
  }

  private static RequestRefused unavailable(ReturnReason reason) {
    return new RequestRefused(PublishAnswer.unavailable(reason), PublishAnswer.RETRY_SECONDS);
  }

  static void refuse(Exchange exchange, RequestRefused refused) {
    if (refused.isForNow()) {
      exchange.refuse(refused.problem(), refused.retryAfterSeconds());
    } else if (refused.retryAfterSeconds() > 0) {
      exchange.problem(refused.problem(), refused.retryAfterSeconds());
    } else {
      exchange.problem(refused.problem());
    }
  }
}
