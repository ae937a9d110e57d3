package dev.escala.config;

/** Limits in bytes that follow the heap, for tasks of 512 MiB and of 8 GiB run the same program. */
public final class Heap {
  private static final long MOST = Runtime.getRuntime().maxMemory();

  private Heap() {}

  /** One of so many equal parts of the heap, but no more than so many bytes. */
  public static long part(int parts, long atMost) {
    return Math.min(MOST / parts, atMost);
  }
}
