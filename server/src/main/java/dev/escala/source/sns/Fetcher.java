package dev.escala.source.sns;

import java.io.IOException;
import java.net.URI;

/** Gets a small file from the network. */
@FunctionalInterface
interface Fetcher {

  /**
   * The file, within seconds; blocks.
   *
   * @throws NotThere where it was answered that there is none
   * @throws IOException if it cannot be had now
   */
  byte[] get(URI address) throws IOException;

  /** Something answers at the address, and has no such file: also where it leads elsewhere. */
  final class NotThere extends IOException {
    private static final long serialVersionUID = 1L;

    NotThere(String message) {
      super(message);
    }
  }
}
