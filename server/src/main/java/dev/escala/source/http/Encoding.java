package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import dev.escala.http.coding.Coding;
import java.util.Locale;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/** How a body is packed. */
enum Encoding {
  IDENTITY("identity"),
  GZIP("gzip"),
  ZSTD("zstd");

  private final String label;

  Encoding(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** The one that the header {@code Content-Encoding} names. */
  static Encoding of(@Nullable String header) throws RequestRefused {
    return switch (header == null ? "" : header.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "zstd" -> zstd();
      default ->
          throw new RequestRefused(
              ErrorCode.ESC111,
              "The Content-Encoding " + header + " is not known",
              "Send the body with Content-Encoding: gzip or zstd, or without one.");
    };
  }

  private static Encoding zstd() throws RequestRefused {
    if (!Coding.ZSTD.isThere()) {
      throw new RequestRefused(
          ErrorCode.ESC111,
          "The Content-Encoding zstd cannot be had on this machine",
          "Send the body with Content-Encoding: gzip, or without one.");
    }
    return ZSTD;
  }

  /**
   * Begins to unpack.
   *
   * @throws DataFormatException where it is malformed from the beginning
   */
  Unpacker open(byte[] body) throws DataFormatException, RequestRefused {
    return switch (this) {
      case IDENTITY -> throw new IllegalStateException("it is not packed");
      case GZIP -> new Gzip(body);
      case ZSTD -> Zstd.open(body);
    };
  }

  /**
   * How long the body is unpacked, which takes no memory to find out.
   *
   * @throws RequestRefused where it is malformed, or longer than the limit
   */
  int unpackedLength(byte[] body, int maxBytes) throws RequestRefused {
    return this == IDENTITY ? body.length : Unpacker.length(this, body, maxBytes);
  }

  /** The body unpacked, whose length was asked for before. */
  byte[] unpack(byte[] body, int length) throws RequestRefused {
    return this == IDENTITY ? body : Unpacker.unpacked(this, body, length);
  }
}
