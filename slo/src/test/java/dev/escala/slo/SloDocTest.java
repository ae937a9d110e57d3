package dev.escala.slo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.ops.Promise;
import dev.escala.slo.Ops.CommittedRule;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The numbers in docs/slo.md are those of the files and the rules. */
class SloDocTest {
  private static final BigDecimal HUNDRED = new BigDecimal(100);
  private static final BigDecimal MONTH_SECONDS = new BigDecimal(30 * 24 * 3600);
  private static final BigDecimal SIXTY = new BigDecimal(60);
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private final String text = Ops.text(Path.of("../docs/slo.md"));
  private final SloBook book;

  SloDocTest() throws ConfigurationException {
    book = SloFiles.read(Ops.FOLDER.resolve("slo"));
  }

  /** The cells of the rows of the table whose header begins so. */
  private List<List<String>> table(String header) {
    return text.lines()
        .dropWhile(line -> !line.startsWith("| " + header + " |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(1, cells.size() - 1))
        .toList();
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  private static String percent(BigDecimal share) {
    return plain(share.multiply(HUNDRED)) + " %";
  }

  /** The server tells how it keeps what it counts itself; by the same numbers. */
  @Test
  void theServerPromisesTheSame() {
    for (Promise promise : Promise.values()) {
      Slo slo = book.slo(promise.label());
      for (Tier tier : Tier.values()) {
        assertThat(BigDecimal.valueOf(promise.target(tier.label())))
            .as(promise.label() + " " + tier)
            .isEqualByComparingTo(objective(slo, tier));
      }
    }
  }

  private static BigDecimal budget(Slo slo, Tier tier) {
    return BigDecimal.ONE.subtract(objective(slo, tier));
  }

  private static BigDecimal objective(Slo slo, Tier tier) {
    return requireNonNull(slo.objectives().get(tier));
  }

  private static String minutes(Slo slo, Tier tier) {
    return plain(budget(slo, tier).multiply(MONTH_SECONDS).divide(SIXTY)) + " min";
  }

  @Test
  void promises() {
    assertThat(table("SLO"))
        .containsExactlyElementsOf(
            book.slos().stream()
                .map(
                    slo ->
                        List.of(
                            "`" + slo.name() + "`",
                            percent(objective(slo, Tier.STANDARD)),
                            percent(objective(slo, Tier.CRITICAL)),
                            minutes(slo, Tier.STANDARD) + ", " + minutes(slo, Tier.CRITICAL),
                            slo.pages() ? "yes" : "no"))
                .toList());
  }

  @Test
  void agreementsAndMeasures() {
    assertThat(table("Part"))
        .containsExactlyInAnyOrderElementsOf(
            book.service().agreements().entrySet().stream()
                .map(part -> List.of("`" + part.getKey() + "`", percent(part.getValue())))
                .toList());
    assertThat(table("Measure").stream().map(List::getFirst))
        .containsExactlyInAnyOrderElementsOf(
            Ceiling.MEASURES.stream().map(measure -> "`" + measure + "`").toList());
    BigDecimal ceiling =
        book.service().ceiling(book.slo("api-availability").dependencies()).round(FOUR_DIGITS);
    assertThat(text).contains("load balancer × compute × database: **" + percent(ceiling) + "**");
  }

  /**
   * When a budget calls somebody.
   *
   * @param windows over each of which the budget must burn, the longest first
   */
  private record Burn(String alert, String factor, List<String> windows) {
    private static final Pattern BURNS =
        Pattern.compile("slo:burn_rate:ratio_(\\w+)\\S* > ([0-9.]+)");

    static Burn of(CommittedRule alert) {
      List<MatchResult> burns = BURNS.matcher(alert.expression()).results().toList();
      return new Burn(
          alert.name(),
          burns.getFirst().group(2),
          burns.stream().map(burn -> burn.group(1)).toList());
    }
  }

  @Test
  void burnRates() {
    Slo slo = book.slo("api-availability");
    assertThat(table("Alert | long window"))
        .containsExactlyElementsOf(
            Ops.alerts().stream()
                .filter(alert -> alert.name().startsWith("EscalaErrorBudget"))
                .map(alert -> burnRow(Burn.of(alert), slo))
                .toList());
  }

  private static List<String> burnRow(Burn burn, Slo slo) {
    BigDecimal factor = new BigDecimal(burn.factor());
    String longWindow = burn.windows().getFirst();
    BigDecimal seconds = new BigDecimal(Timescale.duration(longWindow).toSeconds());
    BigDecimal standard = factor.multiply(budget(slo, Tier.STANDARD));
    BigDecimal critical = factor.multiply(budget(slo, Tier.CRITICAL));
    return List.of(
        "`" + burn.alert() + "`",
        longWindow,
        String.join(", ", burn.windows().subList(1, burn.windows().size())),
        burn.factor(),
        percent(factor.multiply(seconds).divide(MONTH_SECONDS)),
        percent(standard),
        percent(critical),
        full(standard.multiply(seconds)) + ", " + full(critical.multiply(seconds)));
  }

  private static String full(BigDecimal seconds) {
    BigDecimal tenth = seconds.setScale(1, RoundingMode.HALF_UP);
    return plain(tenth) + " s";
  }

  @Test
  void alerts() {
    List<String> documented = new ArrayList<>();
    for (List<String> row : table("Alert | Severity")) {
      documented.add(String.join(" ", row.subList(0, 3)));
    }
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Ops.alerts().stream().map(SloDocTest::alertRow).distinct().toList());
  }

  private static String alertRow(CommittedRule alert) {
    return "`%s` %s %s"
        .formatted(alert.name(), alert.label("severity"), alert.node().path("for").asString("–"));
  }

  @Test
  void cost() {
    List<CommittedRule> rules = Ops.rules();
    long perSystem =
        rules.stream()
            .filter(rule -> !rule.alert() && !rule.name().matches("(fleet|process):.*"))
            .filter(rule -> !rule.expression().startsWith("vector("))
            .mapToLong(
                rule ->
                    rule.label("slo").isEmpty() && rule.name().startsWith("slo:")
                        ? book.slos().size()
                        : 1)
            .sum();
    assertThat(text)
        .contains("**" + rules.size() + " rules** for " + book.slos().size() + " SLOs")
        .contains("**" + perSystem + " recorded series**");
    assertThat(table("Systems"))
        .containsExactlyElementsOf(
            Stream.of(50, 500, 5000)
                .map(n -> List.of("%,d".formatted(n), "%,d".formatted(n * perSystem)))
                .toList());
  }

  @Test
  void bounds() {
    assertThat(book.slo("api-latency-200ms").events().counted().getFirst())
        .contains("le=\"" + Thresholds.SLOW + "\"");
    assertThat(book.slo("api-latency-500ms").events().counted().getFirst())
        .contains("le=\"" + Thresholds.TOO_SLOW + "\"");
    assertThat(book.slo("freshness").events().counted().getFirst())
        .contains("le=~\"" + Thresholds.LATE + "([.]0)?\"");
    assertThat(text).contains("more than %,d series".formatted(Thresholds.SERIES_OF_A_PROCESS));
  }

  /** An unknown key is answered with the known ones. */
  @Test
  void annotations() {
    String yaml = Ops.text(Ops.FOLDER.resolve("slo/database.yaml"));
    String wrong = yaml.replace("  annotations:\n", "  annotations:\n    unknown: a\n");
    String error =
        catchThrowableOfType(
                ConfigurationException.class,
                () -> ConfigurationFile.readAll("", wrong, OpenSlo::read))
            .errors()
            .getFirst();
    String known = error.substring(error.indexOf("known here: ") + "known here: ".length());
    assertThat(
            table("Annotation").stream()
                .filter(row -> row.get(1).equals("SLO"))
                .map(row -> row.getFirst().replace("`", "")))
        .containsExactlyInAnyOrder(known.split(", ", -1));
  }
}
