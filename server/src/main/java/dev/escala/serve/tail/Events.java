package dev.escala.serve.tail;

import dev.escala.model.RowTails.Portion;
import dev.escala.model.RowTails.StoredKey;
import dev.escala.model.TailPosition;
import dev.escala.serve.rows.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is written to those who listen, as the HTML standard has it (server-sent events). */
final class Events {
  static final String TYPE = "text/event-stream";

  private static final String BEFORE_KEY = "{\"" + TailQuery.KEY + "\":";
  private static final int RETRY_MILLIS = 2_000;

  private Events() {}

  /** The first words: when to come again after an end. */
  static Buffer opening() {
    return Buffer.buffer("retry: %d\n\n".formatted(RETRY_MILLIS));
  }

  /** Moves the position of who listens, without a row. */
  static Buffer position(TailPosition at) {
    return Buffer.buffer("id: " + at + "\n\n");
  }

  /** A comment, which shows that both ends are there. */
  static Buffer heartbeat() {
    return Buffer.buffer(":\n\n");
  }

  /**
   * The rows in the order of their keys, each with the position behind it.
   *
   * @param lines a JSON object each, whose first member is the key
   */
  static Buffer of(Portion portion, List<StoredKey> keys, String lines) {
    Map<String, String> rows = new HashMap<>();
    lines
        .lines()
        .forEach(
            line -> {
              int end = endOfText(line, BEFORE_KEY.length());
              rows.put(line.substring(BEFORE_KEY.length(), end), line.substring(end));
            });
    Buffer events = Buffer.buffer(lines.length() + keys.size() * 64);
    for (StoredKey key : keys) {
      String rest = rows.remove(new Bytes(64).json(key.text()).toBuffer().toString());
      if (rest != null) {
        String row = rest.startsWith(",") ? "{" + rest.substring(1) : "{}";
        events.appendString("id: " + portion.behind(key) + "\ndata: " + row + "\n\n");
      }
    }
    return events;
  }

  /** Behind the JSON text that begins there. */
  private static int endOfText(String json, int start) {
    int at = start + 1;
    while (json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }
}
