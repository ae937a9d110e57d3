package dev.escala.http;

import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** The answer to a client, over its connection. */
final class ClientReply implements Reply {
  private final HttpServerResponse response;
  private @Nullable PackedBody packed;

  ClientReply(HttpServerResponse response) {
    this.response = response;
  }

  /** From now on all that is written is packed. */
  void packs(PackedBody body) {
    packed = body;
  }

  @Override
  public MultiMap headers() {
    return response.headers();
  }

  @Override
  public void header(CharSequence name, CharSequence value) {
    response.putHeader(name, value);
  }

  @Override
  public int status() {
    return response.getStatusCode();
  }

  @Override
  public void status(int status) {
    response.setStatusCode(status);
  }

  @Override
  public void phrase(String text) {
    response.setStatusMessage(HeaderText.reason(text));
  }

  @Override
  public boolean isBegun() {
    return response.headWritten();
  }

  @Override
  public boolean isEnded() {
    return response.ended() || (packed != null && packed.isEndGiven());
  }

  @Override
  public boolean isClosed() {
    return response.closed();
  }

  @Override
  public void onClose(Runnable action) {
    response.closeHandler(ignored -> action.run());
  }

  @Override
  public void inPieces() {
    response.setChunked(true);
  }

  @Override
  public Future<Void> write(Buffer piece) {
    return packed == null ? response.write(piece) : packed.write(piece, false);
  }

  @Override
  public Future<Void> end() {
    return packed == null ? response.end() : packed.write(Buffer.buffer(), true);
  }

  @Override
  public Future<Void> end(Buffer last) {
    return packed == null ? response.end(last) : packed.write(last, true);
  }

  @Override
  public boolean isFull() {
    return packed == null ? response.writeQueueFull() : packed.isFull();
  }

  @Override
  public void onDrain(Runnable action) {
    if (packed == null) {
      response.drainHandler(ignored -> action.run());
    } else {
      packed.onDrain(action);
    }
  }

  @Override
  public long bytesWritten() {
    return packed == null ? response.bytesWritten() : packed.bytesGiven();
  }

  @Override
  public boolean startAgain() {
    return false;
  }

  /** With an error: clients take an end without one for the end of the body. */
  @Override
  public void breakOff() {
    response.reset(Http2Error.INTERNAL_ERROR.code());
  }
}
