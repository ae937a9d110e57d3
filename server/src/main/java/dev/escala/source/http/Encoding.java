package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
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

  /** How long the unpacked body may be, which only unpacking tells. */
  int mostUnpacked(byte[] body, int maxBytes) {
    return this == IDENTITY ? body.length : maxBytes;
  }

  /** The body unpacked; no more than the limit is ever unpacked. */
  byte[] unpack(byte[] body, int maxBytes) throws RequestRefused {
    return switch (this) {
      case IDENTITY -> body;
      case GZIP -> gunzip(body, maxBytes);
    };
  }

  private static byte[] gunzip(byte[] body, int maxBytes) throws RequestRefused {
    try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(body), 1 << 14)) {
      byte[] bytes = unpacked.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new RequestRefused(
            ErrorCode.ESC110,
            "The unpacked body is larger than %,d bytes".formatted(maxBytes),
            "Send it in parts.");
      }
      return bytes;
    } catch (ZipException | EOFException malformed) {
      throw notGzip();
    } catch (IOException unexpected) {
      throw new IllegalStateException("an array failed to be read", unexpected);
    }
  }

  private static RequestRefused notGzip() {
    return new RequestRefused(
        ErrorCode.ESC112, "The body is not well-formed gzip, or is not complete", "Send it again.");
  }
}
