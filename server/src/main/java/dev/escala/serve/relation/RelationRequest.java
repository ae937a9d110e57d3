package dev.escala.serve.relation;

import dev.escala.http.Exchange;
import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import dev.escala.query.ReadRequest;
import dev.escala.serve.rows.MediaType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.stream.Collectors;

/** All that a client asked for in one read of a relation. */
record RelationRequest(
    Exchange exchange,
    QueryString query,
    ReadRequest read,
    MediaType form,
    Preferences preferences) {

  /** The value of {@code Content-Location}: the path with the parameters sorted by key. */
  String location() {
    String path =
        exchange.path().stream()
            .map(RelationRequest::encoded)
            .collect(Collectors.joining("/", "/", ""));
    if (query.parameters().isEmpty()) {
      return path;
    }
    return query.parameters().stream()
        .sorted(Comparator.comparing(Parameter::key))
        .map(parameter -> encoded(parameter.key()) + "=" + encoded(parameter.value()))
        .collect(Collectors.joining("&", path + "?", ""));
  }

  private static String encoded(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '.') {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
      }
    }
    return text;
  }
}
