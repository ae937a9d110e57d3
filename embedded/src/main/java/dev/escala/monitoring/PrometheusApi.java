package dev.escala.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a Prometheus. Every question that it refuses is an {@link IllegalStateException}. */
public final class PrometheusApi {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI url;

  /** Of the Prometheus at this address. */
  public PrometheusApi(URI url) {
    this.url = url;
  }

  /** What holds now, in the order in which it is answered. */
  public List<Series> query(String expression) {
    return series(data("query", Map.of("query", expression)));
  }

  /** Only the value of the only series; NaN where there is none. */
  public double number(String expression) {
    List<Series> series = query(expression);
    if (series.size() > 1) {
      throw new IllegalStateException(series.size() + " series instead of one: " + expression);
    }
    return series.isEmpty() ? Double.NaN : series.getFirst().value();
  }

  /** What held in the time until now. */
  public List<Series> range(String expression, Duration time, Duration step) {
    Instant now = Instant.now();
    return series(
        data(
            "query_range",
            Map.of(
                "query",
                expression,
                "start",
                Double.toString(now.minus(time).toEpochMilli() / 1e3),
                "end",
                Double.toString(now.toEpochMilli() / 1e3),
                "step",
                step.toMillis() + "ms")));
  }

  private static List<Series> series(JsonNode data) {
    List<Series> series = new ArrayList<>();
    for (JsonNode result : data.path("result")) {
      Map<String, String> labels = new LinkedHashMap<>();
      result
          .path("metric")
          .properties()
          .forEach(l -> labels.put(l.getKey(), l.getValue().asString()));
      List<Double> values = new ArrayList<>();
      if (result.has("value")) {
        values.add(value(result.path("value")));
      }
      result.path("values").forEach(sample -> values.add(value(sample)));
      int numbers = (int) values.stream().filter(value -> !value.isNaN()).count();
      series.add(new Series(labels, values.getLast(), numbers));
    }
    return series;
  }

  private static double value(JsonNode sample) {
    return switch (sample.get(1).asString()) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case String number -> Double.parseDouble(number);
    };
  }

  /** The part {@code data} of the answer of {@code /api/v1/…}. */
  public JsonNode data(String path, Map<String, String> parameters) {
    String form =
        parameters.entrySet().stream()
            .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve("/api/v1/" + path)).timeout(PATIENCE);
    if (!form.isEmpty()) {
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(BodyPublishers.ofString(form));
    }
    return sent(request.build(), form);
  }

  private static JsonNode sent(HttpRequest request, String form) {
    try {
      String body = CLIENT.send(request, BodyHandlers.ofString()).body();
      JsonNode answer = JsonMapper.shared().readTree(body);
      if (!answer.path("status").asString("").equals("success")) {
        throw new IllegalStateException(answer.path("error").asString(body) + ": " + form);
      }
      return answer.path("data");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
