package dev.escala.architecture.planted;

import dev.escala.observe.HealthProbe;
import dev.escala.source.Source;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** Answers health under a lock that is held while a source pauses. */
final class PlantedProbe implements HealthProbe {
  private final ReentrantLock lock = new ReentrantLock();
  private final Source source;

  PlantedProbe(Source source) {
    this.source = source;
  }

  @Override
  public String name() {
    return "planted";
  }

  @Override
  public CompletionStage<Report> check() {
    return CompletableFuture.completedFuture(new Report(status(), Map.of()));
  }

  private Status status() {
    lock.lock();
    try {
      return Status.OK;
    } finally {
      lock.unlock();
    }
  }

  void failed() {
    lock.lock();
    try {
      pause();
    } finally {
      lock.unlock();
    }
  }

  private void pause() {
    source.pause();
  }
}
