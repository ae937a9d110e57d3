package dev.escala.http.coding;

/**
 * Packs one body after the other, piece by piece. Holds memory outside of the heap until it is
 * closed. Of one thread at a time.
 */
public sealed interface Encoder extends AutoCloseable permits GzipEncoder, ZstdEncoder {

  /** What follows behind a piece. */
  enum Then {
    /** The next piece, at once. */
    MORE,
    /** Another piece, some time; what is out by then can be unpacked to here. */
    LATER,
    /** Nothing: the body ends. */
    END
  }

  /** What is out now of the body: nothing yet where more follows, and never where it ends. */
  byte[] pack(byte[] piece, Then then);

  @Override
  void close();
}
