package dev.escala.ingest;

import dev.escala.model.Message;

/** Letters are replayed as they are. */
final class AsItIs implements Replay.Opening {
  @Override
  public Message opened(Message letter) {
    return letter;
  }

  @Override
  public void close() {}
}
