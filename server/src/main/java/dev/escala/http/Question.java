package dev.escala.http;

import io.vertx.core.MultiMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the server asks itself for a client, whose request says it in another language.
 *
 * @param segments of the path, not encoded
 * @param query percent-encoded, without the question mark
 */
public record Question(String method, List<String> segments, String query, MultiMap headers)
    implements RequestHead {

  public Question {
    segments = List.copyOf(segments);
  }

  @Override
  public String path() {
    return segments.stream().map(Question::encoded).collect(Collectors.joining("/", "/", ""));
  }

  /** Percent-encodes a name or a value. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
