package dev.escala.http;

import static java.util.Objects.requireNonNull;

import dev.escala.http.coding.AcceptedCodings;
import dev.escala.http.coding.Coding;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the answer to one client is packed, and what its head says of that. Of one event loop. */
final class Packing {
  /** Below this the head of a packed body, and the work, are worth more than what is saved. */
  static final int LEAST_BYTES = 1 << 10;

  /** A stream: nobody knows how long it will be. */
  static final int UNKNOWN = Integer.MAX_VALUE;

  private static final String VARY = "Accept-Encoding";

  private static final Set<String> TEXTS =
      Set.of(
          "application/json",
          "application/x-ndjson",
          "application/ndjson",
          "application/xml",
          "application/javascript",
          "application/yaml",
          "application/sql");

  private final Reply reply;

  /** Null where who asked is no client, but the server itself. */
  private final @Nullable AnswerWay way;

  /** Null where nothing is packed, whatever is asked. */
  private @Nullable Wish wish;

  private @Nullable PackedBody body;

  /** What the client takes, and what packs small bodies. */
  private record Wish(AcceptedCodings accepted, WholeEncoders encoders) {}

  Packing(Reply reply, @Nullable AnswerWay way) {
    this.reply = reply;
    this.way = way;
  }

  boolean isOfClient() {
    return way != null;
  }

  /** From now on it is as the client takes it. */
  void by(AcceptedCodings accepted, WholeEncoders encoders) {
    wish = new Wish(accepted, encoders);
  }

  /**
   * The coding of a body of so many bytes, whose other headers are set; null where it goes as it
   * is. Tells caches where it depends on what was asked.
   */
  @Nullable Coding coding(int bytes) {
    MultiMap headers = reply.headers();
    if (wish == null || !isPackable(headers)) {
      return null;
    }
    vary(headers);
    boolean isSmall = bytes < LEAST_BYTES && wish.accepted().takesIdentity();
    return isSmall || bytes == 0 ? null : wish.accepted().best();
  }

  /** The client has the body already, as it took it before: what it differs by is the same. */
  void leftOut() {
    MultiMap headers = reply.headers();
    if (wish != null && headers.contains(HttpHeaders.VARY)) {
      vary(headers);
    }
  }

  /** Text; what is packed already, or of an unknown kind, or must not be changed is left alone. */
  private static boolean isPackable(MultiMap headers) {
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    if (type == null || headers.contains(HttpHeaders.CONTENT_ENCODING)) {
      return false;
    }
    String control = headers.get(HttpHeaders.CACHE_CONTROL);
    if (control != null && control.toLowerCase(Locale.ROOT).contains("no-transform")) {
      return false;
    }
    int parameters = type.indexOf(';');
    return isText(
        (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT));
  }

  private static boolean isText(String type) {
    return TEXTS.contains(type)
        || type.startsWith("text/")
        || type.endsWith("+json")
        || type.endsWith("+xml")
        || type.endsWith("+text");
  }

  private static void vary(MultiMap headers) {
    String present = headers.get(HttpHeaders.VARY);
    if (present == null) {
      headers.set(HttpHeaders.VARY, VARY);
    } else if (!present.equals("*") && !present.toLowerCase(Locale.ROOT).contains("accept-enc")) {
      headers.set(HttpHeaders.VARY, present + ", " + VARY);
    }
  }

  /**
   * Says in the head that the body is packed; its octets are others than those of the plain one.
   */
  void say(Coding coding) {
    MultiMap headers = reply.headers();
    headers.set(HttpHeaders.CONTENT_ENCODING, coding.label());
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    String tag = headers.get(HttpHeaders.ETAG);
    if (tag != null && !tag.startsWith("W/")) {
      headers.set(HttpHeaders.ETAG, "W/" + tag);
    }
  }

  /** A body packed at once; its coding was told for it. */
  Buffer packed(Coding coding, Buffer whole) {
    return Buffer.buffer(requireNonNull(wish).encoders().packed(coding, whole.getBytes()));
  }

  /**
   * Begins a body that is packed piece by piece, and says so in the head; null where encoders take
   * all the memory that there is for them, so that it goes as it is.
   */
  @Nullable PackedBody begin(Coding coding) {
    if (way == null || !way.connection().packs(way.client(), coding.encoderBytes())) {
      return null;
    }
    say(coding);
    reply.inPieces();
    body = new PackedBody(way, coding);
    return body;
  }

  /** The answer comes in pieces, or of HEAD its head alone. */
  void stream(boolean isHead) {
    Coding coding = coding(UNKNOWN);
    if (isHead) {
      if (coding != null) {
        say(coding);
      }
      return;
    }
    PackedBody packed = coding == null ? null : begin(coding);
    if (packed == null) {
      reply.inPieces();
    } else if (reply instanceof ClientReply ofClient) {
      ofClient.packs(packed);
    }
  }

  /** Whether it has still to pack, and the client takes what is packed. */
  boolean isWorking() {
    return body != null && body.isWorking();
  }

  /** The answer is at its end, whatever became of it. */
  void close() {
    if (body != null) {
      body.close();
    }
  }
}
