package dev.escala.app;

import java.util.Locale;

/**
 * The first answer on a connection.
 *
 * @param rest what came behind it
 */
record Answer(int status, String head, String body, String rest) {

  /** Parses what a server said, leaving out {@code 100 Continue}. */
  static Answer of(String said) {
    int end = said.indexOf("\r\n\r\n") + 4;
    if (end < 4 || !said.startsWith("HTTP/1.")) {
      throw new AssertionError("no answer: " + said);
    }
    String head = said.substring(0, end).toLowerCase(Locale.ROOT);
    int status = Integer.parseInt(head.substring(9, 12));
    if (status == 100) {
      return of(said.substring(end));
    }
    return head.contains("transfer-encoding: chunked")
        ? chunked(status, head, said.substring(end))
        : plain(status, head, said.substring(end));
  }

  private static Answer plain(int status, String head, String after) {
    int at = head.indexOf("content-length: ");
    int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    int given = Math.min(length, after.length());
    return new Answer(status, head, after.substring(0, given), after.substring(given));
  }

  private static Answer chunked(int status, String head, String after) {
    StringBuilder body = new StringBuilder();
    int at = 0;
    while (true) {
      int line = after.indexOf("\r\n", at);
      int length = Integer.parseInt(after.substring(at, line), 16);
      body.append(after, line + 2, line + 2 + length);
      at = line + 2 + length + 2;
      if (length == 0) {
        return new Answer(status, head, body.toString(), after.substring(at));
      }
    }
  }
}
