package dev.escala.http;

import dev.escala.http.connection.Client;
import dev.escala.http.connection.ClientConnection;

/**
 * Room in memory for an answer while it is made, out of the account of those that are made and not
 * taken. To be given back when it is answered, or will not be. Of all threads.
 */
public final class AnswerRoom {
  private final ClientConnection connection;
  private final Client client;
  private int taken;
  private boolean closed;

  AnswerRoom(ClientConnection connection, Client client) {
    this.connection = connection;
    this.client = client;
  }

  /** Takes so many bytes more; false where there is no room, or nobody waits any more. */
  public synchronized boolean take(int bytes) {
    if (closed || !connection.makes(client, taken, bytes)) {
      return false;
    }
    taken += bytes;
    return true;
  }

  /** Gives all back, for good. */
  public synchronized void giveBack() {
    if (!closed) {
      closed = true;
      connection.made(client, taken);
    }
  }
}
