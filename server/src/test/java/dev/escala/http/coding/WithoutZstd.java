package dev.escala.http.coding;

import java.util.List;

/** A program of its own: what there is where the library of Zstandard cannot be loaded. */
final class WithoutZstd {
  private WithoutZstd() {}

  @SuppressWarnings("SystemOut") // it is a program
  public static void main(String[] arguments) {
    AcceptedCodings both = AcceptedCodings.of(List.of("zstd, gzip;q=0.5"));
    AcceptedCodings zstd = AcceptedCodings.of(List.of("zstd, identity;q=0"));
    System.out.println(both.best() + " " + zstd.takesNothing() + " " + ZstdLibrary.trouble());
  }
}
