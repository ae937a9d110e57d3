package dev.escala.publish;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** How much of a file was read, by any thread to see. */
final class ReadShare extends FilterInputStream {
  private final long size;
  private volatile long position;

  ReadShare(InputStream input, long size) {
    super(input);
    this.size = size;
  }

  /** From 0 to 1; the whole of an empty one. */
  double share() {
    return size == 0 ? 1 : Math.min(1.0, (double) position / size);
  }

  @Override
  public int read() throws IOException {
    int octet = super.read();
    advance(octet < 0 ? 0 : 1);
    return octet;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    advance(Math.max(0, read));
    return read;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** One thread reads. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void advance(int octets) {
    position += octets;
  }
}
