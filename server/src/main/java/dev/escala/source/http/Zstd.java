package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import dev.escala.http.coding.ZstdDecoder;
import dev.escala.http.coding.ZstdFrames;
import java.util.zip.DataFormatException;

/** Unpacks a body of frames of Zstandard (RFC 8878), with no larger window than HTTP has. */
final class Zstd implements Unpacker {
  /** RFC 9659: more no client may ask for, and no level below {@code --ultra} does. */
  static final int MOST_WINDOW_BYTES = 8 << 20;

  private final ZstdDecoder decoder;

  private Zstd(byte[] body) {
    decoder = new ZstdDecoder(body);
  }

  /** Looks through the frames first, so that nothing is taken for what would be refused. */
  static Zstd open(byte[] body) throws DataFormatException, RequestRefused {
    ZstdFrames.Found found = ZstdFrames.in(body);
    Unpacker.requireFew(found.frames(), "zstd frames");
    if (found.windowBytes() > MOST_WINDOW_BYTES) {
      throw new RequestRefused(
          ErrorCode.ESC112,
          "The body takes a window of more than %,d bytes to unpack".formatted(MOST_WINDOW_BYTES),
          "Pack it with a smaller window: zstd without --ultra and --long.");
    }
    return new Zstd(body);
  }

  @Override
  public int read(byte[] target, int from) throws DataFormatException {
    return decoder.read(target, from);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
