package dev.escala.serve.relation;

import dev.escala.http.Exchange;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Names one state of the answer to one request (RFC 9110, section 8.8.3): the version of its table,
 * and all of the request that the answer depends on. Weak, since rows without an order may come in
 * another one.
 *
 * @param value as the header has it
 */
record EntityTag(String value) {
  /** Changes when the same rows would be written in another way. */
  private static final String FORM = "1";

  private static final int OCTETS = 15;
  private static final List<String> SELECTING =
      List.of("Accept", "Accept-Profile", "Prefer", "Range");

  /**
   * Of the answer as it would be now; to be made before anything is read, so that what is read is
   * no older than its tag says. Whether an answer may have one is for the read to say.
   *
   * @param version of the table
   * @param settings of which the rows depend
   */
  static EntityTag of(Exchange exchange, String version, String settings) {
    String role = exchange.caller().role();
    StringBuilder state = new StringBuilder(256);
    part(state, FORM);
    part(state, version);
    part(state, settings);
    part(state, role == null ? "" : role);
    part(state, exchange.rawPath());
    part(state, exchange.query());
    for (String name : SELECTING) {
      part(state, String.join(",", exchange.headers().getAll(name)));
    }
    byte[] digest = sha256().digest(state.toString().getBytes(StandardCharsets.UTF_8));
    return new EntityTag(
        "W/\"" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, OCTETS)) + "\"");
  }

  /** With its length, so that no two lists of parts are one text. */
  private static void part(StringBuilder state, String part) {
    state.append(part.length()).append(':').append(part);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256", missing);
    }
  }

  /** Whether the client has this state already; strong and weak tags are alike here. */
  boolean isHeldBy(Exchange exchange) {
    for (String header : exchange.headers().getAll(HttpHeaders.IF_NONE_MATCH)) {
      for (String tag : header.split(",", -1)) {
        if (tag.strip().equals(value)) {
          return true;
        }
      }
    }
    return false;
  }
}
