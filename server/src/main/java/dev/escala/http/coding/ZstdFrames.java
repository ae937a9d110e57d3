package dev.escala.http.coding;

import java.util.zip.DataFormatException;

/**
 * Walks through the frames of Zstandard (RFC 8878, 3.1) of a body without unpacking it: whether it
 * is whole, how many there are, and how large a window unpacking them takes.
 */
public final class ZstdFrames {
  private static final int MAGIC = 0xfd2fb528;
  private static final int SKIPPABLE_MAGIC = 0x184d2a50;
  private static final int SKIPPABLE_MASK = 0xfffffff0;
  private static final int SINGLE_SEGMENT = 0x20;
  private static final int RESERVED = 0x08;
  private static final int CHECKSUM = 0x04;
  private static final int CHECKSUM_BYTES = 4;
  private static final int SMALLEST_WINDOW_LOG = 10;
  private static final int REPEATED = 1;
  private static final int NO_BLOCK = 3;
  private static final int TWO_BYTE_SIZE_FROM = 256;

  private final byte[] body;
  private int position;
  private int frames;
  private long window;

  private ZstdFrames(byte[] body) {
    this.body = body;
  }

  /**
   * What there is.
   *
   * @param windowBytes of the frame with the largest
   */
  public record Found(int frames, long windowBytes) {}

  /**
   * Walks to the end.
   *
   * @throws DataFormatException where a frame is malformed or not whole, or there is none
   */
  public static Found in(byte[] body) throws DataFormatException {
    ZstdFrames walk = new ZstdFrames(body);
    do {
      walk.frame();
    } while (walk.position < body.length);
    return new Found(walk.frames, walk.window);
  }

  private void frame() throws DataFormatException {
    frames++;
    int magic = (int) number(Integer.BYTES);
    if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
      skip(number(Integer.BYTES));
      return;
    }
    require(magic == MAGIC);
    int descriptor = (int) number(1);
    require((descriptor & RESERVED) == 0);
    boolean isSingle = (descriptor & SINGLE_SEGMENT) != 0;
    long windowSize = isSingle ? 0 : windowSize((int) number(1));
    skip((1 << (descriptor & 3)) >> 1); // the number of a dictionary
    long contentSize = contentSize(descriptor >> 6, isSingle);
    require(contentSize >= 0); // more than a long counts
    window = Math.max(window, isSingle ? contentSize : windowSize);
    boolean isLast = false;
    while (!isLast) {
      isLast = block();
    }
    skip((descriptor & CHECKSUM) == 0 ? 0 : CHECKSUM_BYTES);
  }

  private static long windowSize(int descriptor) {
    long base = 1L << (SMALLEST_WINDOW_LOG + (descriptor >> 3));
    return base + base / 8 * (descriptor & 7);
  }

  private long contentSize(int kind, boolean isSingle) throws DataFormatException {
    return switch (kind) {
      case 0 -> isSingle ? number(1) : 0;
      case 1 -> number(2) + TWO_BYTE_SIZE_FROM;
      case 2 -> number(4);
      default -> number(8);
    };
  }

  /** Returns whether it was the last. */
  private boolean block() throws DataFormatException {
    int header = (int) number(3);
    int kind = header >> 1 & 3;
    require(kind != NO_BLOCK);
    skip(kind == REPEATED ? 1 : header >> 3);
    return (header & 1) == 1;
  }

  /** So many octets, the least significant first; what is beyond a long is negative. */
  private long number(int octets) throws DataFormatException {
    require(octets <= body.length - position);
    long number = 0;
    for (int i = 0; i < octets; i++) {
      number |= (body[position++] & 0xffL) << (8 * i);
    }
    return number;
  }

  private void skip(long octets) throws DataFormatException {
    require(octets >= 0 && octets <= body.length - position);
    position += (int) octets;
  }

  private static void require(boolean condition) throws DataFormatException {
    if (!condition) {
      throw new DataFormatException("malformed");
    }
  }
}
