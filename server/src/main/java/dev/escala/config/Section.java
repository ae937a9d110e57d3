package dev.escala.config;

import dev.escala.model.Suggestion;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A mapping of the configuration file, read by the component that it configures.
 *
 * <p>Reading never throws: an error is recorded with its path, and a harmless value is given in its
 * place, so that one run finds all errors. A key that nobody asked for is an error too.
 */
public final class Section {
  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d+)(|B|KiB|MiB|GiB)");

  private final String path;
  private final JsonNode node;
  private final Context context;
  private final Set<String> asked = new LinkedHashSet<>();
  private final List<Section> children = new ArrayList<>();

  /** What all sections of a file share. */
  record Context(Path file, Function<String, @Nullable String> environment, Errors errors) {}

  Section(String path, JsonNode node, Context context) {
    this.path = path;
    this.node = node;
    this.context = context;
  }

  /** Where the section stands, such as {@code topics.departures}; empty for the whole file. */
  public String path() {
    return path;
  }

  public boolean has(String key) {
    asked.add(key);
    return node.has(key) && !node.get(key).isNull();
  }

  /** Whether the key holds exactly this text, where it may hold a list as well. */
  public boolean isText(String key, String text) {
    return has(key) && node.get(key).isString() && node.get(key).asString().equals(text);
  }

  /**
   * Records an error of the component's own at one of its keys: each one once, and none that only
   * follows from a value that is missing or cannot be read.
   */
  public void reject(String key, String message) {
    context.errors().add(at(key), message);
  }

  /** Records what leaves nothing else to say of the key, and of what would stand below it. */
  private void rejectWhole(String key, String message) {
    reject(key, message);
    context.errors().close(at(key));
  }

  /** Records that a key is missing that says what this is; a strange one is told as such. */
  public void requireOne(List<String> keys) {
    if (node.isEmpty()) {
      context.errors().add(path, "must have one of " + String.join(", ", keys));
    }
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** A text that must be there and not be empty. */
  public String text(String key) {
    Optional<String> text = optionalText(key);
    if (text.isEmpty()) {
      rejectWhole(key, "is missing");
    }
    return text.orElse("");
  }

  public String text(String key, String otherwise) {
    return optionalText(key).orElse(otherwise);
  }

  /** A text; absent where the key is, or where it is empty after substitution. */
  public Optional<String> optionalText(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    return scalar(key, node.get(key)).filter(text -> !text.isEmpty());
  }

  /** A URL of HTTP or HTTPS; absent where the key is. */
  public Optional<URI> address(String key, String example) {
    Optional<String> text = optionalText(key);
    Optional<URI> address = text.flatMap(WebAddress::parse);
    if (text.isPresent() && address.isEmpty()) {
      reject(key, "must be a URL such as " + example);
    }
    return address;
  }

  /** A file or a folder; a relative one stands beside the configuration file. */
  public Optional<Path> file(String key) {
    return optionalText(key).map(text -> context.file().resolveSibling(text));
  }

  /** One text or a list of texts; what is empty after substitution is none. */
  public List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode value = node.get(key);
    if (!value.isArray()) {
      return optionalText(key).map(List::of).orElse(List.of());
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      scalar(key + "[" + i + "]", value.get(i)).ifPresent(texts::add);
    }
    return texts;
  }

  /** A whole number within bounds, both included. */
  public int integer(String key, int otherwise, int least, int most) {
    return optionalText(key)
        .map(
            text -> {
              try {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException notANumber) {
                // told below, with the bounds
              }
              reject(
                  key, "must be a whole number from %d to %d, not %s".formatted(least, most, text));
              return otherwise;
            })
        .orElse(otherwise);
  }

  /** A decimal number within bounds, the upper one excluded. */
  public BigDecimal decimal(String key, BigDecimal least, BigDecimal below) {
    String text = text(key);
    try {
      BigDecimal number = new BigDecimal(text);
      if (number.compareTo(least) >= 0 && number.compareTo(below) < 0) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // told below, with the bounds
    }
    if (!text.isEmpty()) {
      reject(key, "must be a number from %s to below %s, not %s".formatted(least, below, text));
    }
    return least;
  }

  public boolean flag(String key, boolean otherwise) {
    return optionalText(key)
        .map(
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> {
                    reject(key, "must be true or false, not " + text);
                    yield otherwise;
                  }
                })
        .orElse(otherwise);
  }

  /** A duration such as {@code 200ms}, {@code 5s}, {@code 2m}, {@code 1h}, {@code 400d}. */
  public Duration duration(String key, Duration otherwise) {
    return optionalText(key).map(text -> durationOf(key, text, otherwise)).orElse(otherwise);
  }

  private Duration durationOf(String key, String text, Duration otherwise) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches() || matcher.group(1).length() > 9) {
      reject(key, "must be a duration such as 200ms, 5s, 2m, 1h or 400d, not " + text);
      return otherwise;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** A size in bytes, such as {@code 512KiB} or {@code 8MiB}. */
  public long bytes(String key, long otherwise) {
    return optionalText(key).map(text -> bytesOf(key, text, otherwise)).orElse(otherwise);
  }

  private long bytesOf(String key, String text, long otherwise) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches() || matcher.group(1).length() > 9) {
      reject(key, "must be a size such as 512KiB or 8MiB, not " + text);
      return otherwise;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "KiB" -> amount << 10;
      case "MiB" -> amount << 20;
      case "GiB" -> amount << 30;
      default -> amount;
    };
  }

  /** One of the constants, written in lower case with hyphens. */
  public <E extends Enum<E>> E choice(String key, E otherwise) {
    return optionalText(key)
        .map(
            text -> {
              E[] constants = otherwise.getDeclaringClass().getEnumConstants();
              for (E constant : constants) {
                if (word(constant).equals(text)) {
                  return constant;
                }
              }
              List<String> words = Arrays.stream(constants).map(Section::word).toList();
              reject(key, "must be one of %s, not %s".formatted(String.join(", ", words), text));
              return otherwise;
            })
        .orElse(otherwise);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A nested mapping; an empty one where the key is absent. */
  public Section section(String key) {
    JsonNode value = has(key) ? node.get(key) : JsonNodeFactory.instance.objectNode();
    return child(key, value);
  }

  /** A mapping from free names to sections, in the order of the file. */
  public Map<String, Section> sections(String key) {
    Map<String, Section> sections = new LinkedHashMap<>();
    if (has(key)) {
      Section parent = child(key, node.get(key));
      for (String name : parent.node.propertyNames()) {
        parent.asked.add(name);
        sections.put(name, parent.child(name, parent.node.get(name)));
      }
    }
    return sections;
  }

  /** A mapping from free names to texts, in the order of the file. */
  public Map<String, String> textsByName(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (has(key)) {
      Section mapping = child(key, node.get(key));
      for (String name : mapping.node.propertyNames()) {
        texts.put(name, mapping.text(name));
      }
    }
    return texts;
  }

  /** The keys of this mapping that begin so, each then known. */
  public List<String> keys(String prefix) {
    List<String> keys = new ArrayList<>();
    for (String key : node.propertyNames()) {
      if (key.startsWith(prefix)) {
        asked.add(key);
        keys.add(key);
      }
    }
    return keys;
  }

  /** A list of sections. */
  public List<Section> list(String key) {
    List<Section> sections = new ArrayList<>();
    if (has(key)) {
      JsonNode value = node.get(key);
      if (!value.isArray()) {
        rejectWhole(key, "must be a list");
      }
      for (int i = 0; i < value.size(); i++) {
        sections.add(child(key + "[" + i + "]", value.get(i)));
      }
    }
    return sections;
  }

  private Section child(String key, JsonNode value) {
    JsonNode mapping = value;
    if (!value.isObject()) {
      rejectWhole(key, "must be a mapping of keys to values");
      mapping = JsonNodeFactory.instance.objectNode();
    }
    Section child = new Section(at(key), mapping, context);
    children.add(child);
    return child;
  }

  private Optional<String> scalar(String key, JsonNode value) {
    if (value.isContainer() || value.isNull()) {
      rejectWhole(key, "must be a single value");
      return Optional.empty();
    }
    List<String> unset = new ArrayList<>();
    String text = Substitution.apply(value.asString(), context.environment(), unset::add);
    unset.forEach(message -> reject(key, message));
    if (!unset.isEmpty()) {
      context.errors().close(at(key));
    }
    return Optional.of(text);
  }

  /** Records each key that nobody asked for, here and below. */
  void rejectUnknownKeys() {
    for (String key : node.propertyNames()) {
      if (!asked.contains(key)) {
        reject(
            key,
            "is not a known key"
                + Suggestion.nearest(key, asked)
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("; known here: " + String.join(", ", asked)));
      }
    }
    children.forEach(Section::rejectUnknownKeys);
  }
}
