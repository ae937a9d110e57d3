package dev.escala.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a panel asks Prometheus, as Grafana would ask it.
 *
 * @param place dashboard, panel and the letter of the expression
 * @param legend with labels in double braces
 * @param instant whether only the end of the time range is asked for
 */
public record Question(String place, String expression, String legend, boolean instant) {
  private static final Path DASHBOARDS = Path.of("../ops/grafana/dashboards");
  private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Duration TIME_RANGE = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofSeconds(2);

  /** Those of every panel of every committed dashboard. */
  public static List<Question> all() {
    return all(UnaryOperator.identity());
  }

  /** The same of dashboards whose text is changed before. */
  static List<Question> all(UnaryOperator<String> change) {
    List<Question> questions = new ArrayList<>();
    for (JsonNode dashboard : dashboards(change)) {
      for (JsonNode panel : dashboard.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          questions.add(
              new Question(
                  "%s / %s / %s"
                      .formatted(
                          text(dashboard, "uid"), text(panel, "title"), text(target, "refId")),
                  text(target, "expr"),
                  text(target, "legendFormat"),
                  target.path("instant").asBoolean()));
        }
      }
    }
    return questions;
  }

  private static List<JsonNode> dashboards(UnaryOperator<String> change) {
    List<JsonNode> dashboards = new ArrayList<>();
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      for (Path file : files.sorted().toList()) {
        dashboards.add(JsonMapper.shared().readTree(change.apply(Files.readString(file))));
      }
      return dashboards;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String text(JsonNode node, String member) {
    return node.path(member).asString();
  }

  /**
   * With everything selected, and this instead of what Grafana computes from the scrape interval.
   */
  public Question filledIn(Duration rateInterval) {
    return new Question(
        place,
        expression
            .replaceAll("\"\\$(env|tier|region|system)\"", "\".*\"")
            .replace("$__rate_interval", rateInterval.toMillis() + "ms")
            .replace("$__range", TIME_RANGE.toMillis() + "ms"),
        legend,
        instant);
  }

  public List<Series> ask(PrometheusApi prometheus) {
    return instant ? prometheus.query(expression) : prometheus.range(expression, TIME_RANGE, STEP);
  }

  /** The labels that name a series in the legend. */
  Set<String> labels() {
    return LABEL
        .matcher(legend)
        .results()
        .map(MatchResult::group)
        .map(label -> label.substring(2, label.length() - 2))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
