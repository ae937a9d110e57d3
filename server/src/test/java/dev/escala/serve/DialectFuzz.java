package dev.escala.serve;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes requests of the read side by its grammar, damages some, and makes some of any octets. */
final class DialectFuzz {
  /** Roles that a caller may have, and some that none has. */
  static final List<String> ROLES = List.of("fuzz_one", "fuzz_two");

  private final Random random;
  private final FuzzedQueries queries;

  /** How a request came about. */
  enum Origin {
    GRAMMAR,
    DAMAGED,
    OCTETS
  }

  /** What goes over the wire: one character is one octet. */
  record Request(Origin origin, String method, String target, List<String> headers, String body) {
    String text() {
      StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: h\r\n");
      headers.forEach(header -> text.append(header).append("\r\n"));
      if (method.equals("POST") || !body.isEmpty()) {
        text.append("Content-Length: ").append(body.length()).append("\r\n");
      }
      return text.append("\r\n").append(body).toString();
    }

    /** For people. */
    String shown() {
      String text = text();
      return text.substring(0, Math.min(2_000, text.length())).replaceAll("[^ -~\r\n]", "·");
    }
  }

  /**
   * Of a seed.
   *
   * @param claims filters of the table {@code sample} that are right
   */
  DialectFuzz(long seed, List<FilterCase> claims) {
    random = new Random(seed);
    queries = new FuzzedQueries(random, claims);
  }

  Request next() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3, 4 -> byGrammar();
      case 5, 6, 7, 8 -> damaged(byGrammar());
      default -> ofOctets();
    };
  }

  private Request byGrammar() {
    return switch (random.nextInt(12)) {
      case 0, 1 -> request("GET", "/db?q=" + queries.sql(), "");
      case 2, 3 -> request("GET", "/db/rpc/" + queries.call(), "");
      case 4 -> {
        String[] call = queries.post().split("\n", 2);
        yield request("POST", "/db/rpc/" + call[0], call[1]);
      }
      case 5 -> request(of(List.of("GET", "HEAD", "OPTIONS", "PUT")), of(FuzzedParts.PATHS), "");
      default -> request(of(List.of("GET", "GET", "GET", "HEAD")), queries.relation(), "");
    };
  }

  private Request request(String method, String target, String body) {
    List<String> headers = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      headers.add(of(FuzzedParts.HEADERS));
    }
    if (method.equals("POST")) {
      headers.add("Content-Type: " + of(FuzzedParts.TYPES));
    }
    if (random.nextInt(3) == 0) {
      headers.add("Role: " + (random.nextInt(12) == 0 ? of(FuzzedParts.NO_ROLES) : of(ROLES)));
    }
    return new Request(Origin.GRAMMAR, method, target, headers, body);
  }

  private Request damaged(Request whole) {
    List<String> headers = new ArrayList<>(whole.headers());
    if (!headers.isEmpty() && random.nextInt(4) == 0) {
      headers.add(damagedValue(headers.removeLast()));
    }
    return new Request(
        Origin.DAMAGED,
        whole.method(),
        "/" + damaged(whole.target().substring(1)),
        headers,
        random.nextBoolean() ? whole.body() : damaged(whole.body()));
  }

  private String damagedValue(String header) {
    int value = header.indexOf(':') + 1;
    return header.substring(0, value) + " " + visible(damaged(header.substring(value)));
  }

  /** What ends a header, or is none of its octets, is for tests of HTTP. */
  private static String visible(String text) {
    return text.replaceAll("[^ -~\u00a0-\u00ff]", "");
  }

  private String damaged(String text) {
    String damaged = text;
    for (int i = 1 + random.nextInt(3) * random.nextInt(2); i > 0; i--) {
      damaged = damagedOnce(damaged);
    }
    return damaged;
  }

  private String damagedOnce(String text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + 1 + random.nextInt(8));
    String before = text.substring(0, at);
    String part = text.substring(at, end);
    String after = text.substring(end);
    return switch (random.nextInt(8)) {
      case 0 -> before + after;
      case 1 -> before + part + part + after;
      case 2 -> before + part.repeat(40) + after;
      case 3 -> before;
      case 4 -> before + encoded((byte) random.nextInt(256)) + after;
      default -> before + of(FuzzedParts.PIECES) + part + after;
    };
  }

  private Request ofOctets() {
    byte[] octets = new byte[random.nextInt(60)];
    random.nextBytes(octets);
    String any =
        IntStream.range(0, octets.length)
            .mapToObj(i -> encoded(octets[i]))
            .collect(Collectors.joining());
    String place = of(FuzzedParts.PLACES);
    Request whole = request("GET", place + any, "");
    if (random.nextBoolean()) {
      whole.headers().add(of(FuzzedParts.HEADER_NAMES) + ": " + visible(latin(octets)));
    }
    return new Request(Origin.OCTETS, "GET", whole.target(), whole.headers(), "");
  }

  private static String latin(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  /** An octet as it is, where a request line may have it, or percent-encoded. */
  private static String encoded(byte octet) {
    int value = octet & 0xff;
    boolean asItIs = value > ' ' && value != '%' && value != 0x7f && value != '#';
    return asItIs ? String.valueOf((char) value) : "%%%02X".formatted(value);
  }

  private <T> T of(List<T> pool) {
    return pool.get(random.nextInt(pool.size()));
  }
}
