package dev.escala.browser;

import java.io.IOException;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What a tab does, as the browser itself measures it: how long its main thread was at work, by the
 * clock and by the processor. Both differ where other programs want the processor. A browser traces
 * all of its processes, pages of its own among them: only the thread that left the mark counts.
 */
public final class Trace implements AutoCloseable {
  private static final String CATEGORIES = "devtools.timeline,toplevel,v8";
  private static final String MARK = "escala-traced";
  private static final List<String> NAMES =
      List.of(
          "FireAnimationFrame",
          "FunctionCall",
          "EventDispatch",
          "TimerFire",
          "RunMicrotasks",
          "UpdateLayoutTree",
          "Layout",
          "Paint",
          "ThreadControllerImpl::RunTask");
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

  /** What the page has to run, so that its thread is known among all of those that are traced. */
  static String mark() {
    return "console.timeStamp('" + MARK + "')";
  }

  /** Ends it, and tells of scripts, layout and paint how often and how long at most. */
  public String report() throws IOException, InterruptedException {
    tools.send("", "Tracing.end", Map.of());
    try {
      complete.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IOException("the trace did not end", failure);
    }
    JsonNode mark =
        events.stream()
            .filter(
                event -> event.path("args").path("data").path("message").asString("").equals(MARK))
            .findFirst()
            .orElseThrow(() -> new IOException("the trace has no mark of the page"));
    return NAMES.stream().map(name -> line(name, mark)).collect(Collectors.joining("\n"));
  }

  private String line(String name, JsonNode mark) {
    List<JsonNode> found =
        events.stream()
            .filter(event -> event.path("name").asString().equals(name))
            .filter(event -> event.path("pid").equals(mark.path("pid")))
            .filter(event -> event.path("tid").equals(mark.path("tid")))
            .toList();
    DoubleSummaryStatistics clock = millis(found, "dur");
    DoubleSummaryStatistics processor = millis(found, "tdur");
    return String.format(
        Locale.ROOT,
        "%-30s %5d times, longest %6.1f ms, of the processor %6.1f ms, above %d ms %d and %d",
        name,
        found.size(),
        Math.max(0, clock.getMax()),
        Math.max(0, processor.getMax()),
        LONG_MILLIS,
        above(found, "dur"),
        above(found, "tdur"));
  }

  private static DoubleSummaryStatistics millis(List<JsonNode> found, String key) {
    return found.stream()
        .mapToDouble(event -> event.path(key).asDouble() / 1000)
        .summaryStatistics();
  }

  private static long above(List<JsonNode> found, String key) {
    return found.stream().filter(event -> event.path(key).asDouble() > LONG_MILLIS * 1000).count();
  }

  @Override
  public void close() {
    events.clear();
  }
}
