package dev.escala.canary;

import dev.escala.ops.PublicApi;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The markers as the public API gives them, on the same way as any rows. */
final class ServedMarkers {
  private static final String COLUMNS = "topic,canary,seq,sent_at,body,hash,signature";
  private static final Map<String, String> HEADERS =
      Map.of("Accept-Profile", "escala", "Accept", "application/json");

  private final PublicApi api;
  private final String database;

  ServedMarkers(PublicApi api, String database) {
    this.api = api;
    this.database = database;
  }

  /**
   * The markers of a canary and a topic from this number on.
   *
   * @throws IOException where the API does not answer, or not with rows
   */
  List<Marker> since(String topic, UUID canary, long seq) throws IOException {
    String path =
        "/%s/canary?select=%s&topic=eq.%s&canary=eq.%s&seq=gte.%d&order=seq"
            .formatted(encoded(database), COLUMNS, encoded(topic), canary, seq);
    PublicApi.Answer answer = api.get(path, HEADERS);
    if (!answer.isOk()) {
      throw new IOException("status " + answer.status());
    }
    try {
      List<Marker> markers = new ArrayList<>();
      for (JsonNode row : JsonMapper.shared().readTree(answer.body())) {
        markers.add(marker(row));
      }
      return markers;
    } catch (JacksonException | DateTimeException | IllegalArgumentException otherwise) {
      throw new IOException("no rows of markers", otherwise);
    }
  }

  private static Marker marker(JsonNode row) {
    return new Marker(
        row.path("topic").asString(""),
        UUID.fromString(row.path("canary").asString("")),
        row.path("seq").asLong(0),
        OffsetDateTime.parse(row.path("sent_at").asString("")).toInstant(),
        row.path("body").asString(""),
        row.path("hash").asString(""),
        row.path("signature").asString(""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
