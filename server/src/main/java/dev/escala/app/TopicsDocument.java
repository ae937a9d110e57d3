package dev.escala.app;

import dev.escala.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** What can be asked about topics, as an OpenAPI 3.1 document; it says nothing of any topic. */
final class TopicsDocument {
  private static final String MEDIA_TYPE = "application/openapi+json";
  private static final byte[] DOCUMENT = read();

  private TopicsDocument() {}

  static boolean isWanted(Exchange exchange) {
    String accept = exchange.header("Accept");
    return accept != null && accept.contains(MEDIA_TYPE);
  }

  static void answer(Exchange exchange) {
    exchange.answer(200, MEDIA_TYPE + "; charset=utf-8", DOCUMENT.clone());
  }

  private static byte[] read() {
    try (InputStream document = TopicsDocument.class.getResourceAsStream("topics.openapi.json")) {
      return Objects.requireNonNull(document).readAllBytes();
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }
}
