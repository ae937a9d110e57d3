package dev.escala.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.ops.LogSettings;
import dev.escala.ops.Logging;
import dev.escala.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every expression of every dashboard, asked of a Prometheus that scrapes the running product and
 * evaluates the rules: it has an answer, of numbers, short enough to be read, with the labels that
 * the legend names.
 */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class DashboardQueriesTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration RATE_INTERVAL = Duration.ofSeconds(15);
  private static final int TIMESCALE = 60;
  private static final int MOST_SERIES = 60;

  @TempDir Path directory;

  @Test
  void everyPanelHasAnAnswer() throws Exception {
    assumeTrue(Tool.PROMETHEUS.isInstalled(), Tool.PROMETHEUS.missing());
    Logging.configure(
        new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.ERROR), System.err);
    GeneratedRules generated = GeneratedRules.write(Path.of("../ops/slo"), directory, TIMESCALE);
    try (Product product = new Product();
        Prometheus prometheus =
            Prometheus.start(
                new PrometheusSettings(
                    INTERVAL,
                    new PrometheusSettings.Discovery.Fixed(List.of(product.target())),
                    List.of(generated.rules()),
                    List.of()),
                directory,
                0)) {
      assertAnswered(prometheus.api());
      assertPlantedTroublesAreFound(prometheus.api());
    }
  }

  private static void assertAnswered(PrometheusApi prometheus) {
    List<Question> questions =
        Question.all().stream().map(question -> question.filledIn(RATE_INTERVAL)).toList();
    assertThat(questions).as("expressions seen").hasSizeGreaterThan(90);
    Eventually.eventually(
        Duration.ofMinutes(2),
        () -> String.join("\n", troubles(prometheus, questions)),
        () -> troubles(prometheus, questions).isEmpty());
  }

  /** The gate itself: a dashboard with a misspelt metric, and one of each other kind. */
  private static void assertPlantedTroublesAreFound(PrometheusApi prometheus) {
    List<Question> misspelt =
        Question.all(text -> text.replace("db_ping_duration_seconds", "db_pings")).stream()
            .filter(question -> question.expression().contains("db_pings"))
            .map(question -> question.filledIn(RATE_INTERVAL))
            .toList();
    assertThat(misspelt).isNotEmpty();
    assertThat(troubles(prometheus, misspelt))
        .hasSameSizeAs(misspelt)
        .allMatch(told -> told.contains("no series"));
    assertThat(troubles(prometheus, List.of(planted("up * 0 / 0", ""))))
        .singleElement(STRING)
        .contains("only NaN");
    assertThat(troubles(prometheus, List.of(planted("{__name__=~\"jvm.+|ingest.+\"}", ""))))
        .singleElement(STRING)
        .containsPattern("\\d+ series");
    assertThat(troubles(prometheus, List.of(planted("sum by (system) (db_up)", "{{topic}}"))))
        .singleElement(STRING)
        .contains("series without topic");
    assertThat(troubles(prometheus, List.of(planted("sum(db_up", ""))))
        .singleElement(STRING)
        .contains("parse error");
  }

  private static Question planted(String expression, String legend) {
    return new Question("planted", expression, legend, true);
  }

  private static List<String> troubles(PrometheusApi prometheus, List<Question> questions) {
    List<String> troubles = new ArrayList<>();
    for (Question question : questions) {
      trouble(prometheus, question)
          .map(trouble -> "%s: %s, %s".formatted(question.place(), trouble, question.expression()))
          .ifPresent(troubles::add);
    }
    return troubles;
  }

  private static Optional<String> trouble(PrometheusApi prometheus, Question question) {
    try {
      return trouble(question, question.ask(prometheus));
    } catch (IllegalStateException refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  private static Optional<String> trouble(Question question, List<Series> answer) {
    if (answer.isEmpty()) {
      return Optional.of("no series");
    }
    if (answer.size() > MOST_SERIES) {
      return Optional.of(answer.size() + " series");
    }
    if (answer.stream().allMatch(series -> series.numbers() == 0)) {
      return Optional.of("only NaN");
    }
    String missing =
        question.labels().stream()
            .filter(label -> answer.stream().anyMatch(series -> series.label(label).isEmpty()))
            .collect(Collectors.joining(", "));
    return missing.isEmpty() ? Optional.empty() : Optional.of("series without " + missing);
  }
}
