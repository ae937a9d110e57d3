package dev.escala.publish;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** The beginning of a file, which tells what it is. */
final class FileHead {
  private static final List<Character> SEPARATORS = List.of(',', ';', '\t', '|');
  private static final int TOLD = 40;

  /** The first of Parquet, and the same where its end is encrypted. */
  private static final List<String> PARQUET = List.of("PAR1", "PARE");

  private static final int MAGIC = 4;

  /** Of these behind the first at least one is no text: a header, or the length of one. */
  private static final int BINARY = 12;

  private final boolean parquet;
  private final String text;

  /** Without the last one where it may go on. */
  private final List<String> lines;

  /** How a line reads as one JSON object. */
  private enum Whole {
    YES,
    /** It goes on behind its end. */
    UNFINISHED,
    NO
  }

  /**
   * @param most as many octets as were asked for: where there are as many, the file may go on
   */
  FileHead(byte[] octets, int most) {
    parquet = isParquet(octets);
    text = new String(octets, StandardCharsets.UTF_8);
    List<String> all = text.lines().filter(line -> !line.isBlank()).toList();
    boolean cut = octets.length == most && !text.endsWith("\n");
    lines = cut && !all.isEmpty() ? all.subList(0, all.size() - 1) : all;
  }

  /** Whether it begins as Parquet does, and is no text that happens to. */
  static boolean isParquet(byte[] octets) {
    String start = new String(octets, 0, Math.min(BINARY, octets.length), ISO_8859_1);
    return start.length() >= MAGIC
        && PARQUET.contains(start.substring(0, MAGIC))
        && (start.length() == MAGIC || start.chars().anyMatch(FileHead::isNoText));
  }

  private static boolean isNoText(int sign) {
    return sign < ' ' && sign != '\t' && sign != '\r' && sign != '\n';
  }

  FileFormat format() throws FileRefused {
    if (parquet) {
      return FileFormat.PARQUET;
    }
    String start = text.stripLeading();
    if (start.isEmpty()) {
      return FileFormat.NDJSON; // of no messages
    }
    requireText();
    return switch (start.charAt(0)) {
      case '[' -> FileFormat.JSON;
      case '{' -> ofObjects();
      default -> ofRows();
    };
  }

  private void requireText() throws FileRefused {
    if (text.indexOf('\0') >= 0 || text.startsWith("PK")) {
      throw new FileRefused(
          "is neither text nor Parquet; what can be read is NDJSON, JSON and CSV in UTF-8, packed"
              + " with gzip or zstd, and Parquet");
    }
  }

  private FileFormat ofObjects() throws FileRefused {
    if (lines.isEmpty()) {
      return FileFormat.NDJSON; // a very long first line
    }
    return switch (whole(lines.getFirst())) {
      case YES -> FileFormat.NDJSON;
      case UNFINISHED -> FileFormat.JSON;
      case NO -> {
        if (lines.stream().noneMatch(line -> whole(line) == Whole.YES)) {
          throw unclear();
        }
        yield FileFormat.NDJSON; // whose first line is malformed
      }
    };
  }

  private static Whole whole(String line) {
    try (JsonParser parser = JsonMessages.JSON.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Whole.NO;
      }
      parser.skipChildren();
      return parser.nextToken() == null ? Whole.YES : Whole.UNFINISHED;
    } catch (UnexpectedEndOfInputException goesOn) {
      return Whole.UNFINISHED;
    } catch (JacksonException malformed) {
      return Whole.NO;
    }
  }

  private FileFormat ofRows() throws FileRefused {
    Character separator = commonest();
    if (separator == null) {
      throw unclear();
    }
    return FileFormat.CSV;
  }

  /** What separates the names in the first line; a comma where nothing does. */
  char separator() {
    return Objects.requireNonNullElse(commonest(), ',');
  }

  private @Nullable Character commonest() {
    String names = lines.isEmpty() ? "" : lines.getFirst().replaceAll("\"[^\"]*\"", "");
    Character most = null;
    long times = 0;
    for (Character separator : SEPARATORS) {
      long found = names.chars().filter(c -> c == separator).count();
      if (found > times) {
        times = found;
        most = separator;
      }
    }
    return most;
  }

  private FileRefused unclear() {
    String start = text.strip().lines().findFirst().orElse("");
    return new FileRefused(
        "begins with %s, which is neither NDJSON nor JSON nor CSV nor Parquet; --format says which it is"
            .formatted(start.length() > TOLD ? start.substring(0, TOLD) + "…" : start));
  }
}
