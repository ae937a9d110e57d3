package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkflowRuleTest {
  private static final String GOOD =
      """
      name: good
      on:
        push:
          branches: [main]
      permissions: {}
      concurrency:
        group: good
      jobs:
        build:
          runs-on: ubuntu-24.04
          timeout-minutes: 10
          environment: build
          permissions:
            contents: read
            id-token: write
          steps:
            - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
              with:
                persist-credentials: false
            - name: say
              env:
                TITLE: ${{ github.event.head_commit.message }}
              run: echo "$TITLE"
      """;

  /** What is replaced by what, so that exactly this rule is broken. */
  private static final Map<WorkflowRule, List<String>> PLANTED =
      Map.ofEntries(
          Map.entry(
              WorkflowRule.EXCESSIVE_PERMISSIONS,
              List.of("permissions: {}", "permissions: write-all")),
          Map.entry(
              WorkflowRule.UNPINNED_USES,
              List.of("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7")),
          Map.entry(
              WorkflowRule.ARTIPACKED, List.of("persist-credentials: false", "fetch-depth: 0")),
          Map.entry(WorkflowRule.DANGEROUS_TRIGGERS, List.of("push:", "pull_request_target:")),
          Map.entry(
              WorkflowRule.TEMPLATE_INJECTION,
              List.of("echo \"$TITLE\"", "echo '${{ github.event.head_commit.message }}'")),
          Map.entry(WorkflowRule.TIMEOUT, List.of("    timeout-minutes: 10\n", "")),
          Map.entry(WorkflowRule.CONCURRENCY, List.of("concurrency:\n  group: good\n", "")),
          Map.entry(WorkflowRule.OIDC_SUBJECT, List.of("    environment: build\n", "")),
          Map.entry(
              WorkflowRule.LONG_LIVED_KEYS,
              List.of("${{ github.event.head_commit.message }}", "${{ secrets.AWS_KEY }}")),
          Map.entry(
              WorkflowRule.CACHE_POISONING,
              List.of(
                  "persist-credentials: false",
                  "persist-credentials: false\n          cache: maven")),
          Map.entry(WorkflowRule.SELF_HOSTED_RUNNER, List.of("ubuntu-24.04", "self-hosted")));

  @ParameterizedTest
  @EnumSource
  void theShippedWorkflowsKeepIt(WorkflowRule rule) throws IOException {
    List<Workflow> shipped = Workflow.shipped();
    assertThat(shipped).hasSizeGreaterThan(7);
    assertThat(shipped).allSatisfy(workflow -> assertThat(rule.violations(workflow)).isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void aPlantedBreachIsSeenByThisRuleAlone(WorkflowRule rule) {
    List<String> replacement = PLANTED.getOrDefault(rule, List.of("", ""));
    String text = GOOD.replace(replacement.getFirst(), replacement.getLast());
    assertThat(text).isNotEqualTo(GOOD);
    Workflow planted = Workflow.parse("planted.yml", text);
    for (WorkflowRule each : WorkflowRule.values()) {
      assertThat(each.violations(planted)).as(each.name()).hasSize(each == rule ? 1 : 0);
    }
  }

  @Test
  void whatTheyCallIsThere() throws IOException {
    List<Workflow> shipped = Workflow.shipped();
    Set<String> names = shipped.stream().map(Workflow::name).collect(Collectors.toSet());
    Set<String> called = new TreeSet<>();
    for (Workflow workflow : shipped) {
      Pattern.compile("uses: \\./\\.github/workflows/(\\S+)")
          .matcher(workflow.text())
          .results()
          .map((MatchResult found) -> found.group(1))
          .forEach(called::add);
    }
    assertThat(called).isNotEmpty();
    assertThat(names).containsAll(called);
  }
}
