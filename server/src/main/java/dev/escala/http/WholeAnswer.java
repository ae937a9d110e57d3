package dev.escala.http;

import dev.escala.http.coding.Coding;
import dev.escala.http.connection.Client;
import dev.escala.http.connection.ClientConnection;
import dev.escala.http.connection.OutOfMemory;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that is held whole: counted until its client has taken it, and written in
 * pieces, of which no more are under way than the connection takes.
 */
final class WholeAnswer {
  private static final int PIECE = 64 << 10;
  private static final int RETRY_AFTER_SECONDS = 1;

  /** Behind these no body may come. */
  private static final Set<Integer> BODILESS = Set.of(204, 205, 304);

  private final Exchange exchange;
  private final HttpServerResponse response;
  private final ClientConnection connection;
  private final Client client;
  private final Buffer body;
  private int next;
  private int underWay;
  private boolean released;

  private WholeAnswer(Exchange exchange, Buffer body) {
    this.exchange = exchange;
    this.response = exchange.request().response();
    this.connection = exchange.connection();
    this.client = exchange.client();
    this.body = body;
  }

  /**
   * Writes the body behind a head that is set, packed as the client takes it, and of HEAD nothing;
   * where there is no room for it, refuses instead.
   */
  static void give(Exchange exchange, Buffer body) {
    Packing packing = exchange.packing();
    boolean isBodiless = BODILESS.contains(exchange.reply().status());
    Coding coding = packing.coding(body.length());
    if (exchange.isHead() || isBodiless) {
      if (coding != null && !isBodiless) {
        packing.say(coding);
      }
      exchange.reply().end();
    } else if (!packing.isOfClient()) {
      exchange.reply().end(body);
    } else if (coding != null && body.length() <= PackedBody.STEP_BYTES) {
      Buffer packed = packing.packed(coding, body);
      if (hasRoom(exchange, packed)) {
        packing.say(coding);
        new WholeAnswer(exchange, packed).begin();
      }
    } else if (hasRoom(exchange, body)) {
      PackedBody packed = coding == null ? null : packing.begin(coding);
      new WholeAnswer(exchange, body).begin(packed);
    }
  }

  private static boolean hasRoom(Exchange exchange, Buffer body) {
    boolean fits = exchange.connection().holds(exchange.client(), body.length());
    if (!fits) {
      refuse(exchange);
    }
    return fits;
  }

  static void refuse(Exchange exchange) {
    if (exchange.isRefused()) {
      exchange.connection().cutUnread(); // not even the refusal finds room
      return;
    }
    exchange.refuse(
        Problem.of(
            ErrorCode.ESC005,
            "Answers that are not taken yet use all the memory that there is for them",
            "Take your answers, and try again in a second."),
        RETRY_AFTER_SECONDS);
  }

  /** Writes it by way of what packs it, or as it is where there is none. */
  private void begin(@Nullable PackedBody packed) {
    if (packed == null) {
      begin();
    } else {
      packed.onStep(connection::progressed);
      packed.write(body, true).onComplete(this::packedAndTaken);
    }
  }

  private void packedAndTaken(AsyncResult<Void> done) {
    if (done.failed()) {
      OutOfMemory.endsTheProcess(done.cause());
    }
    release();
  }

  private void begin() {
    if (body.length() <= PIECE) {
      // Before it is written: the end may come at once.
      next = body.length();
      underWay = body.length();
      response.end(body).onComplete(done -> taken(done, body.length()));
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    response.drainHandler(ignored -> more());
    more();
  }

  /** Writes what the connection takes now, and goes on when it has taken that. */
  private void more() {
    exchange.time().clientTook();
    while (next < body.length() && !response.writeQueueFull() && !response.closed()) {
      int length = Math.min(PIECE, body.length() - next);
      Buffer piece = body.slice(next, next + length);
      next += length;
      underWay += length;
      boolean last = next == body.length();
      (last ? response.end(piece) : response.write(piece)).onComplete(done -> taken(done, length));
    }
    if (next < body.length()) {
      exchange.waitsForClient();
    }
  }

  private void taken(AsyncResult<Void> done, int length) {
    underWay -= length;
    if (done.failed()) {
      OutOfMemory.endsTheProcess(done.cause());
      release();
    } else if (underWay == 0 && next == body.length()) {
      release();
    } else {
      connection.progressed();
    }
  }

  private void release() {
    if (!released) {
      released = true;
      connection.released(client, body.length());
    }
  }
}
