package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs {@code ops/prometheus/tests} with promtool, on the rules and on rules that are wrong. */
@Execution(ExecutionMode.CONCURRENT)
class RuleUnitTest {
  private static final Pattern RANGE = Pattern.compile("\\[(\\d+[smhd])]");

  @TempDir private Path folder;

  @BeforeEach
  void promtool() {
    Tool.PROMTOOL.require();
  }

  static List<String> files() {
    return Ops.files(Ops.TESTS, ".test.yml").stream()
        .map(file -> file.getFileName().toString())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void theRulesDoWhatTheTestsSay(String file) throws IOException, InterruptedException {
    assertPassed(Tool.PROMTOOL.run(Ops.TESTS, "test", "rules", file));
  }

  /**
   * Since Prometheus 3 a range no longer holds the sample on its left edge. A range that is shorter
   * by a millisecond does not either.
   */
  @Tag("long")
  @ParameterizedTest
  @MethodSource("files")
  void theyDoTheSameWithTheRangesOfPrometheus3(String file)
      throws IOException, InterruptedException {
    assertPassed(
        run(
            Ops.text(Ops.TESTS.resolve(file)),
            rules ->
                RANGE
                    .matcher(rules)
                    .replaceAll(
                        range ->
                            "[" + (Timescale.duration(range.group(1)).toMillis() - 1) + "ms]")));
  }

  private static void assertPassed(Ended result) {
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output().strip()).endsWith("SUCCESS");
  }

  /** Each of these would be a mistake that only its test can find. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          budget-fast | nobody asks             | (slo:sli_total:rate5m > 0)      | slo:sli_total:rate5m
          budget-fast | one bad request         | slo:minimum_errors:count - 0.5  | slo:minimum_errors:count - 2.5
          budget-fast | no request has failed   | or on (system, env, tier, region) | and on (system, env, tier, region)
          budget-fast | the failures end        | slo:burn_rate:ratio_5m{         | slo:burn_rate:ratio_1h{
          api         | two slow answers        | * 300 > 2.5                     | > -1
          api         | scrapes fail while the API is down | (last_over_time(probe_success[2m])) | (probe_success)
          database    | a failover              | changes(db_in_recovery[15m])    | changes(db_up[15m])
          database    | a second standby        | {role="reader"} < 900           | {role="reader"} < 900000
          absence     | all tasks of ingest     | unless on (system, env, tier, region, role) system:tasks | unless on (system, env, tier, region) system:tasks
          absence     | all tasks of the API are gone, and nobody | 3 * group | 0 * group
          absence-long | nobody asks for two hours | 0 * group by (system, env, tier, region) (system:expected_tasks:count{role="prober"}) | prober_success
          incident    | a region fails          | unless on (env, region) fleet:incident:ratio offset 15m | and on (env, region) fleet:incident:ratio
          incident    | a process exports       | (last_over_time(escala_build_info[1h])) | (escala_build_info)
          budget-fast | a counter is born       | process_start_time_seconds < 300 | process_start_time_seconds < 0
          budget-fast | an old process          | process_start_time_seconds < 300 | process_start_time_seconds > 0
          topic       | the first rejection     | (ingest_dead_letters_total unless | (vector(0) unless
          topic       | one of two processes    | - max by                        | - min by
          fleet       | one of four systems     | >= 3                            | >= 1
          fleet       | ok, warn                | 3 * group                       | 0 * group
          silence     | a system is still       | [1d]                            | [1h]
          """)
  void aMistakeInTheRulesIsFound(String file, String test, String right, String wrong)
      throws IOException, InterruptedException {
    Ended result = run(only(test, file), rules -> rules.replace(right, wrong));
    assertThat(result.exitCode()).as(result.output()).isOne();
    assertThat(result.output()).contains("FAILED");
  }

  /** The file's tests whose names begin so. */
  private static String only(String name, String file) {
    ObjectNode suite = (ObjectNode) Ops.yaml(Ops.TESTS.resolve(file + ".test.yml"));
    ArrayNode tests = suite.withArray("tests");
    tests.removeIf(test -> !test.get("name").asString().startsWith(name));
    assertThat(tests).as("tests called " + name).hasSize(1);
    return suite.toString();
  }

  private Ended run(String suite, UnaryOperator<String> change)
      throws IOException, InterruptedException {
    boolean changed = false;
    Path rules = Files.createDirectories(folder.resolve("rules"));
    Path tests = Files.createDirectories(folder.resolve("tests"));
    for (Path path : Ops.files(Ops.RULES, ".yml")) {
      String text = Ops.text(path);
      String other = change.apply(text);
      changed |= !other.equals(text);
      Files.writeString(rules.resolve(path.getFileName()), other);
    }
    assertThat(changed).as("the rules have what is to be changed").isTrue();
    Files.writeString(tests.resolve("suite.yml"), suite);
    return Tool.PROMTOOL.run(tests, "test", "rules", "suite.yml");
  }
}
