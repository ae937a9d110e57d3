package dev.escala.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port for programs that cannot tell which one they took. */
public final class FreePort {
  private static final int LOWEST = 15_000;

  /**
   * From here on Linux gives ports to whoever connects: somebody may get one before the program
   * does, be it who tries to connect to it.
   */
  private static final int EPHEMERAL = 32_768;

  private static final int TRIES = 1_000;

  private FreePort() {}

  /** One on which nobody listens now. */
  public static int find() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, EPHEMERAL);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // the next one
      }
    }
    throw new IllegalStateException("of %,d ports none is free".formatted(TRIES));
  }
}
