package dev.escala.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The files of the repository, as documents name them. */
final class RepositoryFiles {
  static final Path ROOT = Path.of("..");
  private static final Set<String> NOT_OURS =
      Set.of("target", ".git", ".terraform", "node_modules");

  private RepositoryFiles() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Files of the repository with this ending, but for what builds and tools left there. */
  static List<Path> files(String ending) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return NOT_OURS.contains(folder.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().endsWith(ending)) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return files.stream().sorted().toList();
  }

  /** Lines that are no code, in one text: what is in a fence is an example, not a reference. */
  static String prose(String document) {
    return part(document, false).stream().collect(Collectors.joining("\n"));
  }

  /** Lines within fences. */
  static List<String> code(String document) {
    return part(document, true);
  }

  private static List<String> part(String document, boolean wanted) {
    List<String> lines = new ArrayList<>();
    boolean code = false;
    for (String line : document.lines().toList()) {
      if (line.startsWith("```")) {
        code = !code;
      } else if (code == wanted) {
        lines.add(line);
      }
    }
    return lines;
  }
}
