package dev.escala.slo;

import static java.util.Comparator.comparingInt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.dashboard.PromQl;
import dev.escala.slo.Ops.CommittedRule;
import dev.escala.testing.Ended;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each alert has its section, complete, and what is to be copied from it works. */
class RunbooksTest {
  private static final Path FOLDER = Path.of("../docs/runbooks");
  private static final Pattern PROMQL = Pattern.compile("```promql\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
  private static final Path MIGRATIONS =
      Path.of("../server/src/main/resources/dev/escala/postgres/migration");
  private static final Pattern SECTION =
      Pattern.compile("## (Escala\\w+)\n(.*?)(?=\n## |\\z)", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]*)(?:#([a-z0-9_-]+))?\\)");

  private static List<Path> pages() {
    return Ops.files(FOLDER, ".md");
  }

  @Test
  void everyAlertHasItsSectionAndEverySectionItsAlert() {
    Set<String> sections = new TreeSet<>();
    for (Path page : pages()) {
      SECTION.matcher(Ops.text(page)).results().forEach(s -> sections.add(s.group(1)));
    }
    assertThat(sections)
        .isEqualTo(Ops.alerts().stream().map(CommittedRule::name).collect(Collectors.toSet()));
  }

  @Test
  void everySectionSaysWhatIsFeltHowToConfirmWhatToDoAndWhenToEscalate() {
    for (Path page : pages()) {
      SECTION
          .matcher(Ops.text(page))
          .results()
          .forEach(
              section ->
                  assertThat(section.group(2).replaceAll("\\*\\*", "").toLowerCase(Locale.ROOT))
                      .as(section.group(1))
                      .contains("users feel", "confirm", "\ndo", "escalate"));
    }
  }

  private static List<String> expressions() {
    return pages().stream()
        .flatMap(page -> PROMQL.matcher(Ops.text(page)).results())
        .map(block -> block.group(1).strip())
        .toList();
  }

  @Test
  void everyExpressionIsValid(@TempDir Path folder) throws IOException, InterruptedException {
    Tool.PROMTOOL.require();
    StringBuilder rules = new StringBuilder("groups:\n- name: runbooks\n  rules:\n");
    int number = 0;
    for (String expression : expressions()) {
      rules.append("  - record: runbook:%d\n    expr: |-\n".formatted(number++));
      expression.lines().forEach(line -> rules.append("      ").append(line).append('\n'));
    }
    assertThat(number).as("expressions seen").isGreaterThan(30);
    Files.writeString(folder.resolve("rules.yml"), rules);
    Ended result = Tool.PROMTOOL.run(folder, "check", "rules", "rules.yml");
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  @Test
  void everyExpressionAsksForWhatThereIs() {
    Set<String> known = new TreeSet<>(Ops.series().keySet());
    Ops.rules().stream().filter(r -> !r.alert()).forEach(rule -> known.add(rule.name()));
    for (String expression : expressions()) {
      new PromQl(expression)
          .selectors().stream()
              .map(selector -> selector.metric())
              .filter(metric -> !metric.matches("up|prometheus_.*|alertmanager_.*"))
              .forEach(metric -> assertThat(known).as(expression).contains(metric));
    }
  }

  private static int version(Path migration) {
    String name = migration.getFileName().toString();
    return Integer.parseInt(name.substring(1, name.indexOf("__")));
  }

  @Test
  void everyStatementRuns() throws IOException {
    PostgresServer.Database database = PostgresServer.newDatabase();
    try (Stream<Path> migrations = Files.list(MIGRATIONS)) {
      for (Path migration : migrations.sorted(comparingInt(RunbooksTest::version)).toList()) {
        database.execute(
            "CREATE SCHEMA IF NOT EXISTS escala; SET search_path TO escala;" + Ops.text(migration));
      }
    }
    List<String> statements =
        pages().stream()
            .flatMap(page -> SQL.matcher(Ops.text(page)).results())
            .map(block -> block.group(1))
            .toList();
    assertThat(statements).as("statements seen").hasSizeGreaterThan(7);
    statements.forEach(database::rows);
  }

  @Test
  void everyLinkLeadsSomewhere() {
    List<Path> pages = new ArrayList<>(pages());
    pages.add(Path.of("../docs/slo.md"));
    for (Path page : pages) {
      LINK.matcher(Ops.text(page))
          .results()
          .filter(link -> !link.group(1).startsWith("http"))
          .forEach(
              link -> {
                Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                assertThat(target).as(page.toString()).exists();
                Optional.ofNullable(link.group(2))
                    .ifPresent(
                        anchor -> assertThat(anchors(target)).as(page.toString()).contains(anchor));
              });
    }
  }

  private static Set<String> anchors(Path page) {
    return Ops.text(page)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(
            line ->
                line.replaceFirst("#+ ", "")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9 _-]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
