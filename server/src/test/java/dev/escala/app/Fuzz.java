package dev.escala.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Makes requests that are nearly right, out of a seed. */
final class Fuzz {
  private static final List<String> METHODS =
      List.of(
          "GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW",
          "get");

  private static final List<String> READS =
      List.of(
          "/",
          "/ping",
          "/health",
          "/db",
          "/db/fuzzed",
          "/db/nothing",
          "/DB",
          "/db/fuzzed/x",
          "/db/",
          "//",
          "/db/%00",
          "/%2e%2e/db",
          "/db/%C3",
          "/db/%zz",
          "/metrics",
          "/topics",
          "/favicon.ico");

  private static final List<String> SQL =
      List.of(
          "select+1",
          "select+*+from+fuzzed",
          "select+:a::int&a=1",
          "select+pg_sleep(9)",
          "delete+from+fuzzed",
          "select+1;select+2",
          "select+'",
          "select+1/0",
          "select+repeat('x',100000)",
          "select+$1",
          "with+a+as+(select+1)+table+a",
          "select+'%ED%A0%80'",
          "select+/*",
          "values(1,null,'NaN'::float8)&format=csv",
          "select+1&format=xml");

  private static final List<String> FILTERS =
      List.of(
          "n=eq.1",
          "n=gt.x",
          "select=n,t",
          "select=*,n::text",
          "select=n::bogus",
          "order=n.desc.nullslast",
          "limit=5",
          "limit=-1",
          "offset=99999999999999999999",
          "or=(n.eq.1,and(t.like.*a*,not.n.is.null))",
          "t=fts(nope).a",
          "n=in.(1,2,\"3\")",
          "t=match.[",
          "t=match.(((((((((((((a*)*)*)*",
          "j->a->>0=eq.1",
          "n=cs.{1}",
          "unknown=eq.1",
          "select=count()",
          "select=x(*)",
          "and=(((",
          "t=like.%5C",
          "n=eq(any).{1,",
          "columns=a",
          "=",
          "%=%");

  private static final List<String> TOPICS =
      List.of(
          "fuzzed",
          "fuzzed",
          "fuzzed",
          "a.b-c",
          "select",
          "ESCALA",
          "-x",
          "a%20b",
          "%C3%A9",
          "..",
          "%2F",
          "x".repeat(64),
          "pg_class");

  private static final List<String> HEADERS =
      List.of(
          "Accept: text/csv",
          "Accept: application/x-ndjson",
          "Accept: application/vnd.pgrst.object+json;nulls=stripped",
          "Accept: image/png",
          "Accept: ;;q=,,*",
          "Range: 0-9",
          "Range: 9-0",
          "Range: 999-",
          "Range: bytes=0-1",
          "Prefer: count=exact",
          "Prefer: count=planned, handling=strict, nonsense",
          "Prefer: count=estimated",
          "Accept-Profile: pg_catalog",
          "Idempotency-Key: again",
          "Idempotency-Key: \u00e9",
          "Content-Encoding: br",
          "Expect: 100-continue",
          "Expect: tea",
          "X: " + "y".repeat(9000),
          "Cookie: \u0001",
          "Connection: upgrade",
          "Origin: null");

  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/x-ndjson",
          "text/plain",
          "application/json; charset=latin1",
          ";",
          "multipart/form-data");

  private static final List<String> VALUES =
      List.of(
          "1",
          "-0",
          "1e400",
          "9223372036854775808",
          "1.5",
          "true",
          "null",
          "\"a\"",
          "\"\"",
          "\"2026-01-01T00:00:00Z\"",
          "\"0044-03-15\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\u00ed\u00a0\u0080\"",
          "NaN",
          "[1,{\"a\":[]}]",
          "{\"a\":1,\"a\":2}",
          "[".repeat(3000),
          "\"" + "x".repeat(20_000) + "\"",
          "\"\u0000\"",
          "tru",
          "01",
          "\"infinity\"");

  private static final List<String> NAMES =
      List.of(
          "n",
          "t",
          "j",
          "",
          "_id",
          "_source",
          "N",
          "a\\\"b",
          "\u00c3\u00a9",
          "y".repeat(70),
          "\\u0000",
          "ctid",
          "select");

  private static final List<String> CALLS =
      List.of("tools/call", "tools/call", "tools/call", "tools/list", "initialize", "ping", "x");

  private static final List<String> TOOLS =
      List.of("list_relations", "describe_relation", "read_relation", "query", "run_x");

  private final Random random;

  /** What goes over the wire: one character is one octet. */
  record Request(String method, String target, List<String> headers, String body) {
    String text() {
      StringBuilder text =
          new StringBuilder(
              method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
      headers.forEach(header -> text.append(header).append("\r\n"));
      if (!body.isEmpty()) {
        text.append("Content-Length: ").append(body.length()).append("\r\n");
      }
      return text.append("\r\n").append(body).toString();
    }
  }

  Fuzz(long seed) {
    random = new Random(seed);
  }

  Request next() {
    return switch (random.nextInt(7)) {
      case 0 -> new Request(of(METHODS), damaged(of(READS)), headers(), "");
      case 1 ->
          new Request(
              get(), "/db" + of(List.of("?q=", "/q=", "?Q=")) + damaged(of(SQL)), headers(), "");
      case 2, 3 ->
          new Request(
              get(), "/db/fuzzed?" + damaged(of(FILTERS) + "&" + of(FILTERS)), headers(), "");
      case 4 -> message();
      default -> publication();
    };
  }

  /** One of the Model Context Protocol. */
  private Request message() {
    List<String> headers = new ArrayList<>(headers());
    headers.add("Content-Type: " + (random.nextInt(9) == 0 ? of(TYPES) : "application/json"));
    String arguments =
        switch (random.nextInt(4)) {
          case 0 -> "{\"relation\":\"fuzzed\",\"query\":\"%s\"}".formatted(of(FILTERS));
          case 1 -> "{\"sql\":\"%s\"}".formatted(of(SQL));
          default -> object();
        };
    String all =
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}"
            .formatted(of(VALUES.subList(0, 8)), of(CALLS), of(TOOLS), arguments);
    return new Request(
        random.nextInt(9) == 0 ? of(METHODS) : "POST",
        "/db/mcp",
        headers,
        random.nextInt(6) == 0 ? damaged(all) : all);
  }

  private String get() {
    return random.nextInt(9) == 0 ? of(METHODS) : "GET";
  }

  private Request publication() {
    List<String> headers = new ArrayList<>(headers());
    String body = body();
    if (random.nextInt(3) == 0) {
      headers.add("Content-Type: " + of(TYPES));
    }
    if (random.nextInt(4) == 0) {
      headers.add("Content-Encoding: gzip");
      body = gzip(body);
      body = random.nextBoolean() ? body : body.substring(0, random.nextInt(body.length()));
    }
    String query =
        random.nextInt(8) == 0 ? of(List.of("?wait=commit", "?wait=never", "?", "?%")) : "";
    return new Request(
        random.nextInt(9) == 0 ? of(METHODS) : "POST",
        "/topics/" + of(TOPICS) + query,
        headers,
        body);
  }

  private String body() {
    StringBuilder body = new StringBuilder();
    String before = of(List.of("", "", "[", "\u00ef\u00bb\u00bf"));
    String between = before.equals("[") ? "," : "\n";
    for (int i = random.nextInt(5); i > 0; i--) {
      body.append(object()).append(between);
    }
    String all = before + body + (before.equals("[") ? object() + "]" : "");
    return switch (random.nextInt(12)) {
      case 0 -> damaged(all);
      case 1 -> all + "x".repeat(random.nextInt(400_000));
      case 2 -> of(VALUES);
      default -> all;
    };
  }

  private String object() {
    StringBuilder object = new StringBuilder("{");
    for (int i = random.nextInt(4); i > 0; i--) {
      object
          .append('"')
          .append(random.nextInt(3) == 0 ? of(NAMES) : of(NAMES.subList(0, 3)))
          .append("\":");
      object
          .append(random.nextInt(3) == 0 ? of(VALUES) : of(VALUES.subList(0, 12)))
          .append(i > 1 ? "," : "");
    }
    return object.append('}').toString();
  }

  private List<String> headers() {
    return random.ints(random.nextInt(3), 0, HEADERS.size()).mapToObj(HEADERS::get).toList();
  }

  /** Mostly as it is; else with some octets more, less, or others. */
  private String damaged(String text) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = random.nextInt(2) * random.nextInt(4); i > 0 && !damaged.isEmpty(); i--) {
      int at = random.nextInt(damaged.length());
      switch (random.nextInt(3)) {
        case 0 -> damaged.deleteCharAt(at);
        case 1 -> damaged.setCharAt(at, (char) random.nextInt(256));
        default ->
            damaged.insert(
                at, of(List.of("'", "\"", "%", "(", ")", ",", ".", "\\", "&", "%00", ";")));
      }
    }
    return damaged.toString();
  }

  private <T> T of(List<T> pool) {
    return pool.get(random.nextInt(pool.size()));
  }

  private static String gzip(String text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return packed.toString(StandardCharsets.ISO_8859_1);
  }
}
