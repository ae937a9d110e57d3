package dev.escala.app;

import dev.escala.decode.ColumnType;
import dev.escala.decode.FieldSeen;
import dev.escala.decode.Inference;
import dev.escala.decode.Inference.Refused;
import dev.escala.decode.Inference.Widened;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The declaration of a topic that fits messages, and what is not certain about it. */
final class InferenceText {
  private static final int MOST_TOLD = 5;
  private static final long SELDOM = 100;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final String topic;
  private final Inference inference;
  private final List<String> lines = new ArrayList<>();

  private InferenceText(String topic, Inference inference) {
    this.topic = topic;
    this.inference = inference;
  }

  /**
   * As YAML; what is not certain stands in comments.
   *
   * @param ended whether all messages of the file were looked at
   */
  static List<String> of(String topic, Inference inference, boolean ended) {
    InferenceText text = new InferenceText(topic, inference);
    text.say(
        "# %s %,d messages; %,d of them would be dead letters."
            .formatted(
                ended ? "From all" : "From the first",
                inference.messages(),
                inference.refused().size()));
    text.declaration();
    text.doubts();
    return text.lines;
  }

  private void say(String line) {
    lines.add(line);
  }

  private void declaration() {
    say("topics:");
    say("  %s:".formatted(quoted(topic)));
    say("    table: DATABASE.%s # the name of your database".formatted(topic));
    List<String> keys = inference.keys();
    if (!keys.isEmpty()) {
      say("    key: %s".formatted(quoted("$." + keys.getFirst())));
    }
    List<String> times = inference.times();
    if (!times.isEmpty()) {
      say("    time: %s".formatted(quoted("$." + times.getFirst())));
    }
    if (inference.columns().isEmpty()) {
      return;
    }
    say("    columns:");
    inference
        .columns()
        .forEach(
            (name, type) ->
                say("      - {name: %s, type: %s}".formatted(quoted(name), type.sql())));
    say("    unknown-fields: add-column");
  }

  /** Within braces most signs mean something. */
  private static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "''") + "'";
  }

  private void doubts() {
    int before = lines.size();
    say("");
    say("# Not certain:");
    key();
    time();
    inference.refused().stream().limit(MOST_TOLD).forEach(this::refused);
    widest().values().forEach(this::widened);
    inference.fields().forEach(this::field);
    if (lines.size() == before + 2) {
      lines.subList(before, lines.size()).clear();
    }
  }

  private void key() {
    List<String> keys = inference.keys();
    if (keys.isEmpty()) {
      doubt(
          "no field is there in each message with another value each time; without a key what is"
              + " published twice is two rows");
    } else if (keys.size() > 1) {
      doubt(
          "key: these tell messages apart as well: "
              + String.join(", ", keys.subList(1, keys.size())));
    } else {
      doubt("key: %s never came twice here; is that so for good?".formatted(keys.getFirst()));
    }
  }

  private void time() {
    List<String> times = inference.times();
    if (times.isEmpty()) {
      doubt("no field is a time in each message; the event time is when a message is published");
    } else if (times.size() > 1) {
      doubt("time: these are times as well: " + String.join(", ", times.subList(1, times.size())));
    }
  }

  private void refused(Refused refused) {
    doubt(
        "message %,d would be a dead letter: %s %s%s"
            .formatted(
                refused.message(),
                refused.rejection().reason().code(),
                refused.rejection().column() == null ? "" : refused.rejection().column() + " ",
                refused.rejection().detail()));
  }

  /** The last step of each column. */
  private Map<String, Widened> widest() {
    Map<String, Widened> widest = new LinkedHashMap<>();
    inference.widened().forEach(widened -> widest.put(widened.column(), widened));
    return widest;
  }

  private void widened(Widened widened) {
    doubt(
        "%s is %s since message %,d; before it all were %s"
            .formatted(
                widened.column(), widened.to().sql(), widened.message(), widened.from().sql()));
  }

  private void field(String name, FieldSeen seen) {
    ColumnType type = inference.columns().get(name);
    if (seen.values() == 0) {
      doubt("%s is always null, and has no column before it has a value".formatted(name));
    } else if (seen.values() * SELDOM < inference.messages()) {
      doubt("%s is there in only %,d messages".formatted(name, seen.values()));
    }
    if (ColumnType.TEXT.equals(type) && seen.isNumbersInText()) {
      doubt(
          "%s is text, and all its values are numbers in quotes; as a number with coerce: lenient?"
              .formatted(name));
    }
  }

  /** One line, whatever is in it. */
  private void doubt(String line) {
    say("#  - " + line.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", " "));
  }
}
