package dev.escala.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** The answer to a client, over its connection. */
record ClientReply(HttpServerResponse response) implements Reply {
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
    return response.ended();
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
    return response.write(piece);
  }

  @Override
  public Future<Void> end() {
    return response.end();
  }

  @Override
  public Future<Void> end(Buffer last) {
    return response.end(last);
  }

  @Override
  public boolean isFull() {
    return response.writeQueueFull();
  }

  @Override
  public void onDrain(Runnable action) {
    response.drainHandler(ignored -> action.run());
  }

  @Override
  public long bytesWritten() {
    return response.bytesWritten();
  }

  @Override
  public boolean startAgain() {
    return false;
  }

  @Override
  public void breakOff() {
    response.reset();
  }
}
