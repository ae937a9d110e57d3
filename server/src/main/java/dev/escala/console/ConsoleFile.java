package dev.escala.console;

import dev.escala.http.Exchange;

/** A file as it is served. */
final class ConsoleFile {
  private final String contentType;
  private final byte[] bytes;

  /** With the media type of its name. */
  ConsoleFile(String name, byte[] bytes) {
    this.contentType = contentType(name);
    this.bytes = bytes;
  }

  void answer(Exchange exchange) {
    exchange.answer(200, contentType, bytes);
  }

  private static String contentType(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "md" -> "text/markdown; charset=utf-8";
      case "html" -> "text/html; charset=utf-8";
      default -> throw new IllegalStateException("no media type is known for " + name);
    };
  }
}
