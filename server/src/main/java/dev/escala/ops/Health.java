package dev.escala.ops;

import dev.escala.http.JsonText;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.HealthProbe.Report;
import dev.escala.observe.HealthProbe.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks all probes at once and puts their answers together; the worst decides. */
final class Health {
  private static final long PATIENCE_SECONDS = 2;

  private final Supplier<List<HealthProbe>> probes;

  Health(List<HealthProbe> probes) {
    this(() -> probes);
  }

  /** For probes that come and go, as those of topics do. */
  Health(Supplier<List<HealthProbe>> probes) {
    this.probes = probes;
  }

  /** What was found: each check by its name. */
  record Picture(Status status, Map<String, Report> checks) {

    String json() {
      return json(Map.of());
    }

    /** With something to be said beside the status. */
    String json(Map<String, String> beside) {
      Map<String, Object> rendered = new LinkedHashMap<>();
      checks.forEach(
          (name, report) -> {
            Map<String, Object> check = new LinkedHashMap<>();
            check.put("status", word(report.status()));
            check.putAll(new TreeMap<>(report.details()));
            rendered.put(name, check);
          });
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("status", word(status));
      body.putAll(beside);
      body.put("checks", rendered);
      return JsonText.of(body);
    }

    private static String word(Status status) {
      return status.name().toLowerCase(Locale.ROOT);
    }
  }

  /** Calls back once, within two seconds, on whichever thread the last probe answers. */
  void check(Consumer<Picture> callback) {
    List<HealthProbe> asked = probes.get();
    List<CompletableFuture<Report>> answers = new ArrayList<>();
    for (HealthProbe probe : asked) {
      answers.add(
          probe
              .check()
              .toCompletableFuture()
              .completeOnTimeout(unanswered(), PATIENCE_SECONDS, TimeUnit.SECONDS)
              .exceptionally(failure -> unanswered()));
    }
    CompletableFuture<?> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    var _ = all.thenRun(() -> callback.accept(picture(asked, answers)));
  }

  private static Report unanswered() {
    return new Report(Status.CRITICAL, Map.of("error", "no answer"));
  }

  private static Picture picture(List<HealthProbe> asked, List<CompletableFuture<Report>> answers) {
    Map<String, Report> checks = new LinkedHashMap<>();
    Status worst = Status.OK;
    for (int i = 0; i < asked.size(); i++) {
      Report report = answers.get(i).join();
      checks.put(asked.get(i).name(), report);
      worst = report.status().compareTo(worst) > 0 ? report.status() : worst;
    }
    return new Picture(worst, checks);
  }
}
