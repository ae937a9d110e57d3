package dev.escala.browser;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** What a tab does, as the browser itself measures it: how long its main thread was at work. */
public final class Trace implements AutoCloseable {
  private static final String CATEGORIES = "devtools.timeline,toplevel,v8";
  private static final int LONG_MILLIS = 50;

  private final DevTools tools;
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Boolean> complete = new CompletableFuture<>();

  Trace(DevTools tools) throws IOException, InterruptedException {
    this.tools = tools;
    tools.listen(this::note);
    tools.send(
        "",
        "Tracing.start",
        Map.of(
            "transferMode",
            "ReportEvents",
            "traceConfig",
            Map.of("includedCategories", List.of(CATEGORIES.split(",")))));
  }

  private void note(JsonNode event) {
    switch (event.path("method").asString()) {
      case "Tracing.dataCollected" -> event.path("params").path("value").forEach(events::add);
      case "Tracing.tracingComplete" -> complete.complete(true);
      default -> {}
    }
  }

  /** Ends it, and tells of scripts, layout and paint how often and how long at most. */
  public String report() throws IOException, InterruptedException {
    tools.send("", "Tracing.end", Map.of());
    try {
      complete.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IOException("the trace did not end", failure);
    }
    List<String> lines = new ArrayList<>();
    for (String name :
        List.of(
            "FireAnimationFrame",
            "FunctionCall",
            "EventDispatch",
            "TimerFire",
            "RunMicrotasks",
            "UpdateLayoutTree",
            "Layout",
            "Paint",
            "RunTask")) {
      double[] millis =
          events.stream()
              .filter(event -> event.path("name").asString().equals(name))
              .mapToDouble(event -> event.path("dur").asDouble() / 1000)
              .sorted()
              .toArray();
      if (millis.length > 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%-20s %5d times, longest %6.1f ms, %d above %d ms",
                name,
                millis.length,
                millis[millis.length - 1],
                java.util.Arrays.stream(millis).filter(each -> each > LONG_MILLIS).count(),
                LONG_MILLIS));
      }
    }
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    events.clear();
  }
}
