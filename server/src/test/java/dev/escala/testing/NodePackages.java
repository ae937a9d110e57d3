package dev.escala.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Packages of Node.js that a machine may have, in the folders of {@code NODE_PATH}. */
public final class NodePackages {

  private NodePackages() {}

  /** Whether scripts can require a package. */
  public static boolean has(String name) {
    String path = System.getenv("NODE_PATH");
    return path != null
        && Stream.of(path.split(File.pathSeparator))
            .anyMatch(folder -> Files.isDirectory(Path.of(folder, name.split("/"))));
  }
}
