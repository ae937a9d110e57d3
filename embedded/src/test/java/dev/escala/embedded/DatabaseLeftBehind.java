package dev.escala.embedded;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A process that starts PostgreSQL, says so, and waits to be killed. */
final class DatabaseLeftBehind {
  static final String READY = "ready";

  private DatabaseLeftBehind() {}

  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedDatabase.start(Optional.of(Path.of(arguments[0])));
    System.out.println(READY);
    new CountDownLatch(1).await();
  }
}
