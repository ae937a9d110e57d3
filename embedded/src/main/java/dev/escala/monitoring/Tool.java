package dev.escala.monitoring;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Programs that a plain machine lacks. */
public enum Tool {
  PROMETHEUS,
  PROMTOOL,
  ALERTMANAGER;

  private List<String> names() {
    return switch (this) {
      case PROMETHEUS -> List.of("prometheus");
      case PROMTOOL -> List.of("promtool");
      case ALERTMANAGER -> List.of("prometheus-alertmanager", "alertmanager");
    };
  }

  /** Where it is, if the PATH leads to it under one of its names. */
  public Optional<Path> path() {
    List<String> folders =
        List.of(
            Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator, -1));
    return names().stream()
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public boolean isInstalled() {
    return path().isPresent();
  }

  /** One sentence for who has to do without it. */
  public String missing() {
    return names().getFirst()
        + " is not installed. Debian and Ubuntu: apt-get install prometheus"
        + " prometheus-alertmanager; macOS: brew install prometheus alertmanager.";
  }
}
