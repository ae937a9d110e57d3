package dev.escala.serve.mcp;

import dev.escala.http.HeldReply.Held;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rows that another endpoint answered, and how to get those that follow. */
final class RowsRead {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,15})-(\\d{1,15})/.*");

  private RowsRead() {}

  /**
   * As a tool gives them.
   *
   * @param limit how many were asked for, as it was written
   */
  static ToolAnswer answer(Held held, String limit) {
    if (held.status() >= 400) {
      return new ToolAnswer(List.of(held.body()), true);
    }
    String rows = held.body().isEmpty() ? "Done; there is nothing to show." : held.body();
    String more = more(held.headers().get("Content-Range"), limit);
    return more == null ? ToolAnswer.of(rows) : ToolAnswer.of(rows, more);
  }

  /** Null where all are there. */
  private static @Nullable String more(@Nullable String range, String limit) {
    Matcher counted = RANGE.matcher(String.valueOf(range));
    if (!counted.matches()) {
      return null;
    }
    long first = Long.parseLong(counted.group(1));
    long last = Long.parseLong(counted.group(2));
    return Long.toString(last - first + 1).equals(limit)
        ? "These are %s rows, as many as the limit allows, and there may be more: ask again with offset=%d, with a higher limit, or better for fewer."
            .formatted(limit, last + 1)
        : null;
  }
}
