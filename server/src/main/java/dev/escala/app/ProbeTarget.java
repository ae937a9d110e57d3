package dev.escala.app;

import dev.escala.config.Section;
import dev.escala.ops.PublicApi;
import dev.escala.ops.SystemLabels;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A system that is asked from outside.
 *
 * @param url where its users reach it
 * @param read path and query of a read of data, which answers with rows
 * @param expect what columns of the first row hold
 * @param newest how old the first row may be
 * @param token that is shown, where there is a lock
 */
record ProbeTarget(
    SystemLabels system,
    URI url,
    String read,
    Map<String, String> expect,
    Optional<Newest> newest,
    Optional<String> token) {
  private static final Map<String, String> JSON = Map.of("Accept", "application/json");

  /** A time in a column, and how long ago it may be. */
  record Newest(String column, Duration within) {}

  ProbeTarget {
    expect = Map.copyOf(expect);
  }

  static ProbeTarget read(Section section) {
    String read = section.text("read");
    if (!read.isEmpty() && !read.matches("/[^/?]+[/?].+")) {
      section.reject("read", "must be a path that reads data, such as /flights/departures?limit=1");
    }
    Optional<URI> url = section.address("url", "https://flights.example.com");
    if (url.isEmpty() && !section.has("url")) {
      section.reject("url", "is missing");
    }
    return new ProbeTarget(
        SystemLabels.read(section.section("system")),
        URI.create(url.map(Object::toString).orElse("").replaceAll("/+$", "")),
        read,
        section.textsByName("expect"),
        newest(section),
        section.optionalText("token"));
  }

  private static Optional<Newest> newest(Section section) {
    if (!section.has("newest")) {
      return Optional.empty();
    }
    Section newest = section.section("newest");
    return Optional.of(
        new Newest(newest.text("column"), newest.duration("within", Duration.ofHours(1))));
  }

  PublicApi api(Duration patience) {
    PublicApi api = new PublicApi(url, patience);
    return token.map(api::as).orElse(api);
  }

  /** Asks, and tells what is wrong with the answer; empty if it is as expected. */
  String trouble(PublicApi api) throws IOException {
    return trouble(api.get(read, JSON), Instant.now());
  }

  String trouble(PublicApi.Answer answer, Instant now) {
    if (!answer.isOk()) {
      return "status " + answer.status();
    }
    JsonNode row;
    try {
      row = JsonMapper.shared().readTree(answer.body()).path(0);
    } catch (JacksonException notJson) {
      return "the answer is no JSON";
    }
    if (!row.isObject()) {
      return "the answer has no row";
    }
    for (Map.Entry<String, String> expected : expect.entrySet()) {
      if (!text(row, expected.getKey()).equals(expected.getValue())) {
        return expected.getKey() + " is not " + expected.getValue();
      }
    }
    return newest.map(age -> age(row, age, now)).orElse("");
  }

  private static String text(JsonNode row, String column) {
    JsonNode value = row.path(column);
    return value.isString() ? value.asString() : value.toString();
  }

  private static String age(JsonNode row, Newest newest, Instant now) {
    try {
      Instant at = OffsetDateTime.parse(text(row, newest.column())).toInstant();
      return at.isBefore(now.minus(newest.within()))
          ? "the newest row is of " + at + ", older than " + newest.within()
          : "";
    } catch (DateTimeException noTime) {
      return newest.column() + " holds no time with an offset";
    }
  }
}
