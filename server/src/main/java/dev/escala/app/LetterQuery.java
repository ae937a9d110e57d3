package dev.escala.app;

import dev.escala.app.LetterFilter.Unreadable;
import dev.escala.model.Suggestion;
import dev.escala.store.DeadLetter.Status;
import dev.escala.store.DeadLetters.Filter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The query string of a request about dead letters. */
final class LetterQuery {
  private final Map<String, String> words;

  private LetterQuery(Map<String, String> words) {
    this.words = words;
  }

  /** Of a filter, {@code database}, and these; each once. A plus sign stands for itself. */
  static LetterQuery of(String query, String... more) throws Unreadable {
    return of(LetterFilter.NAMES, query, more);
  }

  /** The same of the letters of one topic, which the query does not name once more. */
  static LetterQuery ofTopic(String topic, String query, String... more) throws Unreadable {
    List<String> filters =
        LetterFilter.NAMES.stream().filter(name -> !name.equals("topic")).toList();
    LetterQuery asked = of(filters, query, more);
    asked.words.put("topic", topic);
    return asked;
  }

  private static LetterQuery of(List<String> filters, String query, String... more)
      throws Unreadable {
    return read(
        query,
        Stream.concat(Stream.concat(filters.stream(), Stream.of("database")), Stream.of(more))
            .toList());
  }

  /** Of these alone. */
  static LetterQuery plain(String query, String... known) throws Unreadable {
    return read(query, List.of(known));
  }

  private static LetterQuery read(String query, List<String> known) throws Unreadable {
    Map<String, String> words = new HashMap<>();
    for (String each : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = each.indexOf('=');
      String name = decoded(equals < 0 ? each : each.substring(0, equals));
      if (!known.contains(name)) {
        throw new Unreadable(
            "There is no parameter %s%s"
                .formatted(
                    LetterFilter.shown(name),
                    Suggestion.nearest(name, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; there are " + String.join(", ", known))));
      }
      if (words.put(name, equals < 0 ? "" : decoded(each.substring(equals + 1))) != null) {
        throw new Unreadable("The parameter %s is there twice".formatted(name));
      }
    }
    return new LetterQuery(words);
  }

  private static String decoded(String text) throws Unreadable {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new Unreadable("The query string is not percent-encoded");
    }
  }

  Filter filter() throws Unreadable {
    return LetterFilter.of(words::get, Status.NEW);
  }

  Optional<String> database() {
    return text("database");
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(words.get(name));
  }

  /** A number from least to most. */
  long number(String name, long otherwise, long least, long most) throws Unreadable {
    Long number = LetterFilter.number(name, words.get(name));
    if (number != null && (number < least || number > most)) {
      throw new Unreadable("%s is %d to %d, not %d".formatted(name, least, most, number));
    }
    return number == null ? otherwise : number;
  }

  boolean flag(String name) throws Unreadable {
    String text = words.getOrDefault(name, "false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new Unreadable("%s is true or false, not %s".formatted(name, LetterFilter.shown(text)));
    }
    return text.equals("true");
  }
}
