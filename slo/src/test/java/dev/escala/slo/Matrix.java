package dev.escala.slo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** {@code ops/prometheus/tests/matrix.yaml}: what may fail, and who is told. */
final class Matrix {
  /** Samples before a failure, while it lasts, and after it; one each 15 s. */
  private static final int BEFORE = 40;

  private static final int DURING = 120;
  private static final int AFTER = 100;
  private static final int SECONDS = 15;

  /** A minute. */
  private static final int RESTART = 4;

  private final JsonNode file = Ops.yaml(Ops.TESTS.resolve("matrix.yaml"));

  /**
   * One row.
   *
   * @param fails the part and the way, with a blank between
   * @param not why there is no such failure; empty if there is
   * @param stays whether it does not end by itself
   * @param fires alerts, with labels that tell them apart, and after how many minutes at the latest
   * @param told who is told of which alert: {@code page ApiDown}
   */
  record Failure(
      String fails,
      String not,
      boolean stays,
      Map<String, String> change,
      Map<String, Integer> fires,
      List<String> told) {
    String system() {
      return fails.replace(' ', '-');
    }
  }

  List<Failure> failures() {
    List<Failure> failures = new ArrayList<>();
    for (JsonNode row : file.get("failures")) {
      Map<String, String> change = new LinkedHashMap<>();
      row.path("change").properties().forEach(c -> change.put(c.getKey(), c.getValue().asString()));
      Map<String, Integer> fires = new TreeMap<>();
      row.path("fires").properties().forEach(f -> fires.put(f.getKey(), f.getValue().asInt()));
      List<String> told = row.path("told").valueStream().map(JsonNode::asString).sorted().toList();
      failures.add(
          new Failure(
              row.get("fails").asString(),
              row.path("not").asString(""),
              row.path("stays").asBoolean(false),
              change,
              fires,
              told));
    }
    return failures;
  }

  /** The series of one system in which this fails, as promtool reads them. */
  List<Map<String, String>> series(Failure failure) {
    List<Map<String, String>> series = new ArrayList<>();
    add(series, failure, "prober", "", file.get("healthy"));
    for (int i = 1; i <= 2; i++) {
      add(series, failure, "api" + i, "instance=\"" + i + "\"", file.get("each of api"));
      add(series, failure, "ingest" + i, "instance=\"1" + i + "\"", file.get("each of ingest"));
    }
    return series;
  }

  private static void add(
      List<Map<String, String>> series,
      Failure failure,
      String who,
      String instance,
      JsonNode healthy) {
    healthy
        .properties()
        .forEach(
            entry -> {
              String of = who + " " + entry.getKey();
              String was = entry.getValue().asString();
              String becomes =
                  failure.change().entrySet().stream()
                      .filter(change -> of.matches(pattern(change.getKey())))
                      .map(Map.Entry::getValue)
                      .findFirst()
                      .orElse(was);
              String name = named(entry.getKey(), instance, failure.system(), failure);
              if (becomes.equals("renamed")) {
                series.add(
                    Map.of(
                        "series", name, "values", run(first(was), step(was), BEFORE) + " stale"));
                String other = named(entry.getKey(), instance, failure.system() + "-new", failure);
                series.add(Map.of("series", other, "values", appearing(was)));
              } else {
                series.add(Map.of("series", name, "values", values(was, becomes)));
              }
            });
  }

  /** {@code api} is both tasks of it, {@code api1} the first. */
  private static String pattern(String key) {
    return key.replaceFirst("^(api|ingest) ", "$1[12] ");
  }

  private static String named(String key, String instance, String system, Failure failure) {
    int brace = key.indexOf('{');
    String name = brace < 0 ? key : key.substring(0, brace);
    String own = brace < 0 ? "" : "," + key.substring(brace + 1, key.length() - 1);
    String of = instance.isEmpty() ? "" : ",job=\"escala\"," + instance;
    return "%s{system=\"%s\",env=\"prod\",tier=\"standard\",region=\"%s\"%s%s}"
        .formatted(name, system, failure.system(), of, own);
  }

  private static String values(String was, String becomes) {
    double start = first(was);
    double step = step(was);
    double atFailure = start + step * BEFORE;
    double now = step(was) == SECONDS ? SECONDS * (BEFORE + DURING) + start : atFailure;
    String before = run(start, step, BEFORE);
    String after = run(now, step, AFTER);
    return switch (becomes) {
      case "gone" -> before + " stale _x" + (DURING - 2) + " " + after;
      case "stuck" -> before + " " + run(atFailure, 0, DURING) + " " + after;
      case "reset" ->
          before
              + " stale _x"
              + (RESTART - 2)
              + " "
              + (isCounter(was)
                  ? run(0, step, DURING + AFTER - RESTART)
                  : run(atFailure + step * RESTART, step, DURING + AFTER - RESTART));
      default -> {
        boolean other = isCounter(becomes);
        double from = other ? atFailure : first(becomes) + step(becomes) * BEFORE;
        double left = other ? atFailure + step(becomes) * DURING : now;
        yield before
            + " "
            + run(from, step(becomes), DURING)
            + " "
            + run(isCounter(was) ? left : now, step, AFTER);
      }
    };
  }

  private static String appearing(String was) {
    double from = was.startsWith("clock") ? first(was) + step(was) * BEFORE : first(was);
    return "_x%d %s".formatted(BEFORE - 1, run(from, step(was), DURING + AFTER));
  }

  private static boolean isCounter(String value) {
    return value.startsWith("+");
  }

  private static double first(String value) {
    if (value.startsWith("clock")) {
      return Optional.of(value.substring(5))
          .filter(o -> !o.isEmpty())
          .map(Double::valueOf)
          .orElse(0.0);
    }
    return isCounter(value) ? 0 : Double.parseDouble(value);
  }

  private static double step(String value) {
    if (value.startsWith("clock")) {
      return SECONDS;
    }
    return isCounter(value) ? Double.parseDouble(value) : 0;
  }

  /** So many samples. */
  private static String run(double from, double step, int samples) {
    return "%s%s%sx%d".formatted(plain(from), step < 0 ? "" : "+", plain(step), samples - 1);
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}
