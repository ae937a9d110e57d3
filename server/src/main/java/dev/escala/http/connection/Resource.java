package dev.escala.http.connection;

/** What clients take of a listener, together and each. */
public enum Resource {
  /** Connections, whether anything is asked on them or not. */
  CONNECTIONS,
  /** Bytes of heads of requests that are not whole yet. */
  HEADS,
  /**
   * Bytes of small answers that are written and not taken; kept apart, so that large ones leave
   * room.
   */
  SMALL_ANSWERS,
  /** Bytes of answers that are held whole, written and not taken. */
  ANSWERS,
  /** Bytes that the packing of answers takes beside them, as long as they are on their way. */
  ENCODERS;

  /** An answer up to here is small: an error, a row, a health check. */
  public static final int SMALL_ANSWER = 16 << 10;

  /** The account of an answer of so many bytes. */
  public static Resource ofAnswer(int bytes) {
    return bytes <= SMALL_ANSWER ? SMALL_ANSWERS : ANSWERS;
  }
}
