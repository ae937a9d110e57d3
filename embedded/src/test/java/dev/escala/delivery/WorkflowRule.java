package dev.escala.delivery;

import dev.escala.delivery.Workflow.Job;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What a workflow must never do; the names are those of zizmor's audits where there is one. */
enum WorkflowRule {
  EXCESSIVE_PERMISSIONS(
      "grants nothing at the top, and each job what it needs",
      workflow ->
          Stream.concat(
              workflow.tree().path("permissions").isObject()
                      && workflow.tree().path("permissions").isEmpty()
                  ? Stream.empty()
                  : Stream.of("permissions at the top are not {}"),
              jobs(workflow, job -> !job.tree().path("permissions").isObject(), "names none"))),

  UNPINNED_USES(
      "pins each action by its commit, with the version beside it",
      workflow ->
          workflow
              .text()
              .lines()
              .filter(line -> line.matches("\\s*(- )?uses: .*"))
              .filter(line -> !line.matches("\\s*uses: \\./\\.github/workflows/[\\w-]+\\.yml"))
              .filter(
                  line ->
                      !line.matches("\\s*(- )?uses: [\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"))
              .map(String::strip)),

  ARTIPACKED(
      "leaves no token behind after a checkout",
      workflow ->
          steps(
              workflow,
              step ->
                  step.path("uses").asString("").startsWith("actions/checkout@")
                      && step.path("with").path("persist-credentials").asBoolean(true))),

  DANGEROUS_TRIGGERS(
      "never runs with rights on what a stranger wrote",
      workflow ->
          workflow.triggers().stream()
              .filter(Set.of("pull_request_target", "workflow_run", "issue_comment")::contains)),

  TEMPLATE_INJECTION(
      "puts no expression into a script: they go through env",
      workflow -> steps(workflow, step -> step.path("run").asString("").contains("${{"))),

  TIMEOUT(
      "ends a job that hangs",
      workflow ->
          jobs(
              workflow,
              job -> !job.callsAnother() && !job.tree().has("timeout-minutes"),
              "has no timeout-minutes")),

  CONCURRENCY(
      "runs once at a time",
      workflow ->
          workflow.onlyCalled() || workflow.tree().has("concurrency")
              ? Stream.empty()
              : Stream.of("has no concurrency")),

  OIDC_SUBJECT(
      "takes an identity only within an environment, which the trust policy compares",
      workflow ->
          jobs(
              workflow,
              job ->
                  !job.callsAnother()
                      && job.tree()
                          .path("permissions")
                          .path("id-token")
                          .asString("")
                          .equals("write")
                      && !job.tree().has("environment"),
              "has id-token: write and no environment")),

  LONG_LIVED_KEYS(
      "knows no secret: identities are taken, tokens are those of the run",
      workflow ->
          workflow
              .text()
              .lines()
              .filter(
                  line -> line.matches(".*(secrets\\.|aws-access-key-id|aws-secret-access-key).*"))
              .map(String::strip)),

  CACHE_POISONING(
      "reads no cache where it publishes or deploys",
      workflow ->
          publishes(workflow)
              ? steps(
                  workflow,
                  step ->
                      step.path("with").has("cache")
                          || step.path("with").has("cache-from")
                          || step.path("uses").asString("").startsWith("actions/cache@"))
              : Stream.empty()),

  SELF_HOSTED_RUNNER(
      "runs on machines that are thrown away, of a fixed version",
      workflow ->
          jobs(
              workflow,
              job ->
                  !job.callsAnother()
                      && !job.tree()
                          .path("runs-on")
                          .asString("")
                          .matches("ubuntu-\\d\\d\\.\\d\\d(-arm)?|\\$\\{\\{ matrix\\.runner }}"),
              "runs elsewhere"));

  private final String demand;

  @SuppressWarnings("ImmutableEnumChecker") // each is a function without state
  private final Function<Workflow, Stream<String>> breaches;

  WorkflowRule(String demand, Function<Workflow, Stream<String>> breaches) {
    this.demand = demand;
    this.breaches = breaches;
  }

  /** A sentence for each breach. */
  List<String> violations(Workflow workflow) {
    return breaches
        .apply(workflow)
        .map(breach -> "%s: %s (%s): %s".formatted(workflow.name(), this, demand, breach))
        .toList();
  }

  private static boolean publishes(Workflow workflow) {
    return workflow.jobs().stream()
        .map(job -> job.tree().path("permissions"))
        .flatMap(permissions -> permissions.properties().stream())
        .map(Map.Entry::getValue)
        .anyMatch(
            scope -> scope.asString("").equals("write") && !workflow.text().contains("cron:"));
  }

  private static Stream<String> jobs(
      Workflow workflow, Function<Job, Boolean> breaks, String what) {
    return workflow.jobs().stream().filter(breaks::apply).map(job -> job.name() + " " + what);
  }

  private static Stream<String> steps(Workflow workflow, Function<JsonNode, Boolean> breaks) {
    return workflow.jobs().stream()
        .flatMap(
            job ->
                job.steps().stream()
                    .filter(breaks::apply)
                    .map(
                        step ->
                            job.name()
                                + ": "
                                + step.path("name")
                                    .asString(step.path("uses").asString("a step"))));
  }
}
