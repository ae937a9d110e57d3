package dev.escala.serve.database;

import dev.escala.config.DatabaseUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** What was seen of one server that is read from. Lives on one context. */
final class ReadServer {
  private final String name;
  private final ServerEyes eyes;
  private final ReplicaLag lag = new ReplicaLag(System::nanoTime);
  private boolean looking;
  private boolean answers;
  private boolean doubted;
  private boolean standby;

  ReadServer(Vertx vertx, DatabaseUrl url) {
    name = url.hosts();
    eyes = new ServerEyes(vertx, url);
  }

  /** Looks, unless the look before has not ended; completes also where there is no answer. */
  Future<Void> look() {
    if (looking) {
      return Future.succeededFuture();
    }
    looking = true;
    return eyes.look()
        .transform(
            done -> {
              looking = false;
              answers = done.succeeded() && !doubted;
              doubted = false;
              if (answers) {
                standby = done.result().standby();
                lag.replayed(done.result().snapshot());
              }
              return Future.succeededFuture();
            });
  }

  /** It did not answer somebody else; what is under way may have been answered before. */
  void lost() {
    answers = false;
    doubted = looking;
  }

  String name() {
    return name;
  }

  /** Of all threads. */
  ReplicaLag lag() {
    return lag;
  }

  boolean answers() {
    return answers;
  }

  boolean isStandby() {
    return standby;
  }

  void close() {
    eyes.close();
  }
}
