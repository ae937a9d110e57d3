package dev.escala.embedded;

import dev.escala.app.CommandFailed;
import dev.escala.app.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a topic's rows back through the API and compares each with the message that it was.
 *
 * @param stored rows that the database counts
 * @param readable messages whose row came back with the same values
 * @param twice rows beyond one a message
 */
record Verification(Loaded topic, long stored, long readable, long twice) {
  private static final JsonMapper JSON = JsonMapper.shared();

  static Verification of(Demo demo, Loaded topic) throws CommandFailed, InterruptedException {
    Map<String, Map<String, Object>> expected = expected(demo, topic);
    long readable = 0;
    long twice = 0;
    for (JsonNode row : rows(demo, topic.topic())) {
      String id = row.path("_id").asString();
      Map<String, Object> values = expected.remove(id);
      if (values == null) {
        twice++;
      } else if (values.equals(values(row))) {
        readable++;
      }
    }
    return new Verification(topic, demo.database().count(topic.topic()), readable, twice);
  }

  /** The values of each message by the key of its row. */
  private static Map<String, Map<String, Object>> expected(Demo demo, Loaded topic) {
    Map<String, Map<String, Object>> expected = new HashMap<>();
    for (int i = 0; i < topic.records().size(); i++) {
      JsonNode message = JSON.readTree(topic.records().get(i));
      String key =
          message.has("iata")
              ? message.path("iata").asString()
              : demo.flights().messageId(i).toString();
      expected.put(key, values(message));
    }
    return expected;
  }

  /** A point in time may be written in more ways than one, a number too. */
  private static Map<String, Object> values(JsonNode object) {
    Map<String, Object> values = new TreeMap<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      JsonNode value = member.getValue();
      if (member.getKey().startsWith("_") || value.isNull()) {
        continue;
      }
      values.put(
          member.getKey(),
          member.getKey().equals("scheduled_at")
              ? OffsetDateTime.parse(value.asString()).toInstant()
              : value.isNumber() ? value.decimalValue().stripTrailingZeros() : value.asString());
    }
    return values;
  }

  private static List<JsonNode> rows(Demo demo, String table)
      throws CommandFailed, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(demo.url() + "/flights/" + table))
            .header("Accept", "application/x-ndjson")
            .build();
    try (HttpClient client = HttpClients.create()) {
      HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
      List<String> lines = answer.body().toList();
      if (answer.statusCode() != 200) {
        throw CommandFailed.failed(
            "%s answered %d: %s".formatted(request.uri(), answer.statusCode(), lines));
      }
      return lines.stream().map(JSON::readTree).toList();
    } catch (IOException failure) {
      throw CommandFailed.failed(table + " could not be read back: " + failure.getMessage());
    }
  }

  long lost() {
    return topic.records().size() - readable;
  }

  boolean isPerfect() {
    return lost() == 0 && twice == 0 && stored == topic.records().size();
  }

  /** One line of the summary's table. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-10s%,12d%,10d%,11d%,7d%,8d   %s",
        topic.topic(),
        topic.records().size(),
        stored,
        readable,
        lost(),
        twice,
        topic.rate());
  }
}
