package dev.escala.serve.mcp;

import dev.escala.http.AnswerRoom;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.HeldReply;
import dev.escala.http.HeldReply.Held;
import dev.escala.http.Problem;
import dev.escala.http.Question;
import dev.escala.model.Limits;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * A tool that is called, by whom and with what. Of the event loop.
 *
 * @param room for what is read until it is answered
 */
record ToolCall(Exchange exchange, AnswerRoom room, ToolArguments arguments) {
  /** Some 60,000 tokens; who asks has to read it all. */
  static final int MOST_BYTES = 256 << 10;

  /** What an address may have. */
  private static final int MOST_QUERY = 32 << 10;

  /** They are of the message, and not of what it asks. */
  private static final List<String> OF_MESSAGE =
      List.of(
          "Accept",
          "Accept-Profile",
          "Content-Encoding",
          "Content-Length",
          "Content-Profile",
          "Content-Type",
          "Expect",
          "Prefer",
          "Range");

  /** The headers of a question of the same client, asking for JSON. */
  MultiMap headers() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(exchange.headers());
    OF_MESSAGE.forEach(headers::remove);
    return headers.set("Accept", "application/json");
  }

  /**
   * What another endpoint answers to the same caller; fails with {@link HeldReply.NoAnswer}.
   *
   * @param maxRows of the answer, where the caller may have more
   */
  Future<Held> ask(Question question, long maxRows, Consumer<Exchange> endpoint)
      throws ArgumentRefused {
    if (question.query().length() > MOST_QUERY) {
      throw new ArgumentRefused(
          Problem.of(
              ErrorCode.ESC105,
              "The query or the SQL is longer than %,d bytes, percent-encoded"
                  .formatted(MOST_QUERY),
              null));
    }
    HeldReply reply = new HeldReply(MOST_BYTES, room);
    exchange.reply().onClose(reply::abandon);
    if (exchange.reply().isClosed()) {
      reply.abandon();
      return reply.answer();
    }
    Exchange asking = exchange.asking(question, reply);
    asking.caller(exchange.caller().within(new Limits(maxRows, Limits.NONE.maxCost(), MOST_BYTES)));
    endpoint.accept(asking);
    return reply.answer();
  }

  /** Why there is no answer. */
  static Problem problem(Throwable failure) {
    HeldReply.Missing why =
        failure instanceof HeldReply.NoAnswer none ? none.why() : HeldReply.Missing.BROKEN_OFF;
    return switch (why) {
      case TOO_LONG ->
          Problem.of(
              ErrorCode.ESC149,
              "The result is longer than %,d bytes".formatted(MOST_BYTES),
              "Ask for fewer columns (select) or rows (limit, filters), or let the database count"
                  + " and group them.");
      case NO_ROOM ->
          Problem.of(
              ErrorCode.ESC005,
              "Answers that are not taken yet use all the memory that there is for them",
              "Try again in a second.");
      case BROKEN_OFF -> Problem.of(ErrorCode.ESC000, "The answer broke off", "Try again.");
    };
  }
}
