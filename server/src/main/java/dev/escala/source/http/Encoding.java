package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a body is packed. */
enum Encoding {
  IDENTITY,
  GZIP;

  /** The one that the header {@code Content-Encoding} names. */
  static Encoding of(@Nullable String header) throws RequestRefused {
    return switch (header == null ? "" : header.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      default ->
          throw new RequestRefused(
              ErrorCode.ESC111,
              "The Content-Encoding " + header + " is not known",
              "Send the body with Content-Encoding: gzip, or without one.");
    };
  }

  /**
   * How long the body is unpacked, which takes no memory to find out.
   *
   * @throws RequestRefused where it is malformed, or longer than the limit
   */
  int unpackedLength(byte[] body, int maxBytes) throws RequestRefused {
    return switch (this) {
      case IDENTITY -> body.length;
      case GZIP -> Gzip.length(body, maxBytes);
    };
  }

  /** The body unpacked, whose length was asked for before. */
  byte[] unpack(byte[] body, int length) throws RequestRefused {
    return switch (this) {
      case IDENTITY -> body;
      case GZIP -> Gzip.unpacked(body, length);
    };
  }
}
