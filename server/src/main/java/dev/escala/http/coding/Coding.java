package dev.escala.http.coding;

/** A way to pack a body, by its name in {@code Content-Encoding}; the better one first. */
public enum Coding {
  ZSTD("zstd"),
  GZIP("gzip");

  private final String label;

  Coding(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** Whether it can be done on this machine. */
  public boolean isThere() {
    return this == GZIP || ZstdLibrary.isThere();
  }

  /** What packs with it; to be closed. */
  public Encoder encoder() {
    return switch (this) {
      case GZIP -> new GzipEncoder();
      case ZSTD -> new ZstdEncoder();
    };
  }

  /** What an encoder takes, in and outside of the heap. */
  public int encoderBytes() {
    return switch (this) {
      case GZIP -> GzipEncoder.MEMORY_BYTES;
      case ZSTD -> ZstdEncoder.MEMORY_BYTES;
    };
  }
}
