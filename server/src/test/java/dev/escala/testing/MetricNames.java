package dev.escala.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The series of {@code /metrics} as {@code name{labels}}, and the list of them in the repository.
 */
public final class MetricNames {
  private static final Path LISTED = Path.of("../ops/metrics.txt");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"(?:[^\"\\\\]|\\\\.)*\"");

  /** All that the product's own metrics may have: anything else could make series without bound. */
  public static final Set<String> LABELS =
      Set.of(
          "system",
          "env",
          "tier",
          "region",
          "database",
          "role",
          "topic",
          "signal",
          "source",
          "route",
          "method",
          "code",
          "result",
          "reason",
          "phase",
          "stage",
          "change",
          "sqlstate_class",
          "version",
          "le");

  private MetricNames() {}

  /** What {@code ops/metrics.txt} says, which rules and dashboards are built on. */
  public static Set<String> listed() {
    try {
      return new TreeSet<>(Files.readAllLines(LISTED));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The samples of an answer of {@code /metrics}. */
  public static Stream<String> samples(String text) {
    return text.lines().filter(line -> !line.startsWith("#") && !line.isBlank());
  }

  /** Their names, each with the sorted names of its labels. */
  public static Set<String> of(String text) {
    return samples(text).map(MetricNames::ofSample).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String ofSample(String sample) {
    int brace = sample.indexOf('{');
    if (brace < 0) {
      return sample.substring(0, sample.indexOf(' ')) + "{}";
    }
    return sample.substring(0, brace) + "{" + String.join(",", labels(sample)) + "}";
  }

  /** The names of the labels of one sample. */
  public static Set<String> labels(String sample) {
    return LABEL
        .matcher(sample)
        .results()
        .map(label -> label.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
