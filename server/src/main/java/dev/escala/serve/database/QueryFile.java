package dev.escala.serve.database;

import dev.escala.config.Section;
import dev.escala.query.PublishedQuery;
import dev.escala.query.SqlRefused;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A published query and where it is written down: {@code name.sql} of a folder. */
public record QueryFile(Path path, PublishedQuery query) {
  private static final String KEY = "queries";
  private static final String ENDING = ".sql";
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,62}");

  /** Reads the files of the folder {@code databases.NAME.queries}, by name. */
  static List<QueryFile> read(Section section) {
    Optional<Path> folder = section.file(KEY);
    if (folder.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder.get())) {
      List<Path> paths = files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
      if (paths.isEmpty()) {
        section.reject(KEY, "names a folder without a file NAME.sql: " + folder.get());
      }
      List<QueryFile> read = new ArrayList<>();
      paths.forEach(path -> read(section, path).ifPresent(read::add));
      return read;
    } catch (IOException unreadable) {
      section.reject(KEY, "names no folder that can be read: " + folder.get());
      return List.of();
    }
  }

  /** Without the mark with which some editors begin a text. */
  private static String text(Path path) throws IOException {
    String text = Files.readString(path);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static Optional<QueryFile> read(Section section, Path path) {
    String file = path.getFileName().toString();
    String name = file.substring(0, file.length() - ENDING.length());
    if (!NAME.matcher(name).matches()) {
      section.reject(
          KEY, file + ": its name must be letters, digits, _ and -, at most 63, no digit first");
      return Optional.empty();
    }
    try {
      return Optional.of(new QueryFile(path, PublishedQuery.parse(name, text(path))));
    } catch (SqlRefused refused) {
      section.reject(KEY, "%s: %s %s".formatted(file, refused.message(), refused.hint()));
    } catch (MalformedInputException notText) {
      section.reject(KEY, file + ": is no text in UTF-8");
    } catch (IOException unreadable) {
      section.reject(KEY, file + ": cannot be read");
    }
    return Optional.empty();
  }
}
