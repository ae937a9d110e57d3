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

  /** JSON that repeats itself is packed to a hundredth; zeros to a thousandth, and further. */
  private static final int MOST_RATIO = 200;

  /** So much may come out of any body, however small it is. */
  private static final int ANY_RATIO_BYTES = 1 << 20;

  private static final int STEP_BYTES = 1 << 16;

  private final String label;

  Encoding(String label) {
    this.label = label;
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
  private Unpacker open(byte[] body) throws DataFormatException, RequestRefused {
    return switch (this) {
      case IDENTITY -> throw new IllegalStateException("it is not packed");
      case GZIP -> new Gzip(body);
      case ZSTD -> Zstd.open(body);
    };
  }

  /**
   * How long the body is unpacked, without keeping any of it.
   *
   * @throws RequestRefused where it is malformed, or more than the limits would come out
   */
  int unpackedLength(byte[] body, int maxBytes) throws RequestRefused {
    if (this == IDENTITY) {
      return body.length;
    }
    try (Unpacker unpacker = open(body)) {
      long most = Math.max(ANY_RATIO_BYTES, (long) MOST_RATIO * body.length);
      return length(unpacker, maxBytes, most);
    } catch (DataFormatException malformed) {
      throw malformed();
    }
  }

  private static int length(Unpacker unpacker, int maxBytes, long byRatio)
      throws DataFormatException, RequestRefused {
    byte[] step = new byte[STEP_BYTES];
    long length = 0;
    for (int next = unpacker.read(step, 0); next >= 0; next = unpacker.read(step, 0)) {
      length += next;
      requireAtMost(length, maxBytes, byRatio);
    }
    return (int) length;
  }

  /** The body unpacked, whose length was asked for before. */
  byte[] unpack(byte[] body, int length) throws RequestRefused {
    if (this == IDENTITY) {
      return body;
    }
    byte[] unpacked = new byte[length];
    try (Unpacker unpacker = open(body)) {
      int filled = 0;
      while (filled < length) {
        filled += unpacker.read(unpacked, filled);
      }
      return unpacked;
    } catch (DataFormatException malformed) {
      throw malformed();
    }
  }

  private static void requireAtMost(long length, int maxBytes, long byRatio) throws RequestRefused {
    if (length > maxBytes) {
      throw new RequestRefused(
          ErrorCode.ESC110,
          "The unpacked body is larger than %,d bytes".formatted(maxBytes),
          "Send it in parts.");
    }
    if (length > byRatio) {
      throw new RequestRefused(
          ErrorCode.ESC110,
          "The body unpacks to more than %d times its size".formatted(MOST_RATIO),
          "Send it less packed, or in parts that unpack to at most 1 MiB.");
    }
  }

  private RequestRefused malformed() {
    return new RequestRefused(
        ErrorCode.ESC112,
        "The body is not well-formed %s, or is not complete".formatted(label),
        "Send it again.");
  }
}
