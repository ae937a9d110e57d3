package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.dashboard.Uid;
import dev.escala.slo.Ops.CommittedRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** The committed rules are without fault, and each fault that is planted is found. */
class RuleLintTest {
  private static final Path RUNBOOKS = Path.of("../docs/runbooks");
  private static final Path DASHBOARDS = Ops.FOLDER.resolve("grafana/dashboards");

  private static RuleLint lint() {
    Set<String> uids = Arrays.stream(Uid.values()).map(Uid::text).collect(Collectors.toSet());
    return new RuleLint(
        Ops.series(),
        uids,
        page -> Optional.of(RUNBOOKS.resolve(page)).filter(Files::exists).map(Ops::text),
        Stream.concat(Ops.files(DASHBOARDS, ".json").stream(), Ops.files(RUNBOOKS, ".md").stream())
            .map(Ops::text)
            .collect(Collectors.joining("\n")));
  }

  @Test
  void theRulesAreWithoutFault() {
    assertThat(lint().faults(Ops.rules())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          EscalaApiDown | /alert | EscalaAPI down | is not called EscalaSomething
          EscalaApiDown | /labels/severity | page | has no known severity
          EscalaApiDown | /annotations/summary | The API is down | summary is not one fixed sentence
          EscalaApiDown | /annotations/summary | {{ $labels.system }} is down. | summary is not one fixed sentence
          EscalaApiDown | /annotations/description | Down. | description must name the system, if there is one
          EscalaApiDown | /annotations/runbook_url | docs/runbooks/topic.md#escalaapidown | has no section in a runbook
          EscalaApiDown | /annotations/runbook_url | docs/runbooks/none.md#escalaapidown | has no section in a runbook
          EscalaApiDown | /annotations/dashboard_url | d/escala-none | leads to no dashboard that there is
          EscalaApiDown | /expr | probe_succes == 0 | asks for probe_succes, which there is not
          EscalaApiDown | /expr | probe_success{topic="a"} == 0 | probe_success has no label topic
          EscalaApiDown | /expr | probe_success{system="a"} == 0 | names a system
          EscalaApiDown | /expr | rate(probe_success[5m]) == 0 | takes the rate of probe_success, which is no counter
          EscalaApiDown | /expr | canary_stage_seconds_bucket{le="1"} > 0 | matches a bound that Prometheus 3 writes otherwise
          system:probe_seconds:max | /record | probe_seconds | is not called level:metric:operations
          system:probe_seconds:max | /record | system:probe_second:max | is used by nothing
          """)
  void aPlantedFaultIsFound(String rule, String where, String planted, String told) {
    List<CommittedRule> rules = new ArrayList<>(Ops.rules());
    rules.replaceAll(r -> r.name().equals(rule) ? planted(r, where, planted) : r);
    assertThat(lint().faults(rules)).anyMatch(fault -> fault.endsWith(": " + told));
  }

  private static CommittedRule planted(CommittedRule rule, String where, String value) {
    ObjectNode node = (ObjectNode) rule.node().deepCopy();
    int last = where.lastIndexOf('/');
    ((ObjectNode) node.at(where.substring(0, last))).put(where.substring(last + 1), value);
    return Ops.rule(node);
  }

  /** They work by labels: no number of systems is anywhere in them. */
  @Test
  void thereAreAsManyRulesForOneSystemAsForThousands() {
    assertThat(Ops.rules()).hasSize(128);
    assertThat(Ops.alerts().stream().map(CommittedRule::name).distinct()).hasSize(38);
  }
}
