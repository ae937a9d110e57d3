package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.RequestHeaders;
import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Payload;
import dev.escala.model.SourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants, by the head of its request.
 *
 * @param waits whether it wants to know the outcomes
 * @param idempotencyKey null where it gave none
 * @param attributes what messages have beside their bodies: the trace that they are part of
 */
record PublishRequest(
    String topic,
    boolean waits,
    Encoding encoding,
    @Nullable String contentType,
    @Nullable String idempotencyKey,
    Map<String, String> attributes) {
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

  static PublishRequest of(Exchange exchange) throws RequestRefused {
    return new PublishRequest(
        exchange.path().get(1),
        waits(exchange.query()),
        Encoding.of(single(exchange, "Content-Encoding")),
        single(exchange, "Content-Type"),
        key(single(exchange, "Idempotency-Key")),
        attributes(exchange.trace().traceparent()));
  }

  private static Map<String, String> attributes(@Nullable String traceparent) {
    return traceparent == null ? Map.of() : Map.of("traceparent", traceparent);
  }

  /** Of two nobody can say which is meant, and of two keys one would be lost. */
  private static @Nullable String single(Exchange exchange, String name) throws RequestRefused {
    List<String> values = RequestHeaders.named(exchange, name);
    if (values.size() > 1) {
      throw new RequestRefused(
          ErrorCode.ESC104, "The header " + name + " is there twice", "Send it once.");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  private static boolean waits(String query) throws RequestRefused {
    boolean waits = true;
    for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      waits =
          switch (parameter) {
            case "wait=none" -> false;
            case "wait=commit" -> true;
            default ->
                throw new RequestRefused(
                    ErrorCode.ESC104,
                    "The parameter " + parameter + " is not known",
                    "There are wait=commit, which is the default, and wait=none.");
          };
    }
    return waits;
  }

  private static @Nullable String key(@Nullable String header) throws RequestRefused {
    if (header != null && !KEY.matcher(header).matches()) {
      throw new RequestRefused(
          ErrorCode.ESC104,
          "The Idempotency-Key is not well formed",
          "It has 1 to 200 visible characters of ASCII, such as a UUID.");
    }
    return header;
  }

  /** The messages of the items, published now. */
  List<Message> messages(List<Payload> items) {
    IntFunction<String> ids =
        idempotencyKey == null ? MessageIds.minted() : MessageIds.of(idempotencyKey);
    Instant now = Instant.now();
    List<Message> messages = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      int minted = idempotencyKey == null ? i : Origin.GIVEN;
      Origin origin = new Origin(SourceKind.HTTP, ids.apply(i), now, 1, attributes, minted);
      messages.add(new Message(topic, items.get(i), origin));
    }
    return messages;
  }
}
