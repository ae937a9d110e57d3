package dev.escala.serve.rows;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The media type of a plan, {@code application/vnd.pgrst.plan}.
 *
 * @param json or else text
 * @param of the answer whose plan is wanted
 * @param options of EXPLAIN, in their order
 */
public record PlanType(boolean json, MediaType of, List<String> options) {
  private static final List<String> OPTIONS =
      List.of("analyze", "verbose", "settings", "buffers", "wal");

  public PlanType {
    options = List.copyOf(options);
  }

  /** Options as they are written, separated by bars; what is none is left out. */
  static PlanType of(boolean json, MediaType of, @Nullable String options) {
    List<String> given = Arrays.asList(options == null ? new String[0] : options.split("\\|", -1));
    return new PlanType(json, of, OPTIONS.stream().filter(given::contains).toList());
  }

  /**
   * What a parameter {@code explain} asks for: {@code text} or {@code json}, and options, separated
   * by commas; empty if a word is none of them.
   */
  public static Optional<PlanType> named(String words, MediaType of) {
    List<String> given =
        Arrays.stream(words.split(",", -1))
            .filter(word -> !word.isEmpty() && !word.equals("text"))
            .toList();
    boolean isKnown =
        given.stream().allMatch(word -> word.equals("json") || OPTIONS.contains(word));
    return isKnown
        ? Optional.of(of(given.contains("json"), of, String.join("|", given)))
        : Optional.empty();
  }

  /** Whether the statement is run for it. */
  public boolean isMeasured() {
    return options.contains("analyze");
  }

  /** The value of {@code Content-Type}. */
  public String header() {
    String wanted = options.isEmpty() ? "" : "; options=" + String.join("|", options);
    return "application/vnd.pgrst.plan+%s; for=\"%s\"%s; charset=utf-8"
        .formatted(json ? "json" : "text", of.type(), wanted);
  }

  /** What PostgreSQL says: lines of text, or one JSON. */
  public Buffer body(RowSet<Row> lines) {
    return Buffer.buffer(
        StreamSupport.stream(lines.spliterator(), false)
            .map(line -> json ? Json.encode(line.getValue(0)) : line.getString(0))
            .collect(Collectors.joining("\n")));
  }

  /** What stands before the statement. */
  public String explain() {
    return Stream.concat(Stream.of("FORMAT " + (json ? "JSON" : "TEXT")), options.stream())
        .collect(Collectors.joining(", ", "EXPLAIN (", ") "));
  }
}
