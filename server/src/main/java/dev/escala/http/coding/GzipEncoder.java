package dev.escala.http.coding;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Packs as one member of gzip (RFC 1952). */
final class GzipEncoder implements Encoder {
  /** By zlib's account, with its largest window. */
  static final int MEMORY_BYTES = 272 << 10;

  /** The quickest: rows as JSON come to a seventh, and to a ninth in three times the time. */
  private static final int LEVEL = Deflater.BEST_SPEED;

  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int STEP_BYTES = 8 << 10;

  private final Deflater deflater = new Deflater(LEVEL, true);
  private final CRC32 crc = new CRC32();
  private final byte[] step = new byte[STEP_BYTES];
  private boolean begun;

  @Override
  public byte[] pack(byte[] piece, Then then) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!begun) {
      begun = true;
      out.writeBytes(HEADER);
    }
    crc.update(piece);
    deflater.setInput(piece);
    if (then == Then.END) {
      deflater.finish();
    }
    int mode = then == Then.LATER ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH;
    int length;
    do {
      length = deflater.deflate(step, 0, step.length, mode);
      out.write(step, 0, length);
    } while (length == step.length);
    if (then == Then.END) {
      end(out);
    }
    return out.toByteArray();
  }

  private void end(ByteArrayOutputStream out) {
    number(out, crc.getValue());
    number(out, deflater.getBytesRead());
    deflater.reset();
    crc.reset();
    begun = false;
  }

  /** Four octets, the least significant first. */
  private static void number(ByteArrayOutputStream out, long number) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write((int) (number >>> shift));
    }
  }

  @Override
  public void close() {
    deflater.end();
  }
}
