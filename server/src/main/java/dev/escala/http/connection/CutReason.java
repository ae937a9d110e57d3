package dev.escala.http.connection;

import java.util.Locale;

/** Why a connection was not taken, or was cut. */
enum CutReason {
  /** The client, or all of them, have enough connections. */
  CONNECTIONS,
  /** Half requests take too much memory together, and this one waited longest for its end. */
  HALF_REQUEST,
  /** The head of a request did not come in time. */
  SLOW_REQUEST,
  /** Nothing of the answer was taken for a while, and others need the memory. */
  UNREAD_ANSWER;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Of metrics. */
  String label() {
    return label;
  }
}
