package dev.escala.archive;

import dev.escala.decode.ArchiveSettings;
import dev.escala.decode.TopicSettings;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.ArchiveCompleted;
import dev.escala.observe.Observation.ArchiveFailed;
import dev.escala.observe.Observer;
import dev.escala.store.ArchivePart;
import dev.escala.store.ArchiveStore;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The archive of one topic: does what is due, from time to time or once, and tells how it is. */
public final class ArchiveKeeper implements HealthProbe {
  private final TopicSettings topic;
  private final ArchiveSettings settings;
  private final ArchiveStore store;
  private final Observer observer;

  private volatile @Nullable Instant completedAt;
  private volatile @Nullable String trouble;

  /**
   * Does nothing yet.
   *
   * @param topic one that has an archive
   */
  public ArchiveKeeper(TopicSettings topic, ArchiveStore store, Observer observer) {
    this.topic = topic;
    this.settings = topic.maintenance().archive().orElseThrow();
    this.store = store;
    this.observer = observer;
  }

  /** Does what is due; what fails is told, and tried again with the next round. */
  public void round() {
    try {
      if (once().isPresent()) {
        Instant now = Instant.now();
        completedAt = now;
        trouble = null;
        observer.observed(new ArchiveCompleted(topic.topic(), now));
      }
    } catch (IOException | RuntimeException failure) {
      // Of the object storage, of a catalogue, of the database: each with exceptions of its own.
      String detail = told(failure);
      trouble = detail;
      observer.observed(new ArchiveFailed(topic.topic(), detail));
    }
  }

  /** What a failure says, in a sentence. */
  public static String told(Exception failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  /**
   * Does what is due.
   *
   * @return how many partitions are gone; empty where another instance is at it
   */
  public Optional<Integer> once() throws IOException {
    try (ArchiveTables tables = ArchiveTables.open(settings)) {
      return new ArchiveRun(store, tables, topic, observer).all();
    }
  }

  /** What is due, without doing it; empty where another instance is at it. */
  public Optional<List<ArchivePart>> due() throws IOException {
    return store.alone(parts -> ArchiveRun.due(parts, topic));
  }

  @Override
  public String name() {
    return "archive " + topic.topic();
  }

  /** A warning where it fails: nothing is lost, but the database grows. */
  @Override
  public CompletionStage<Report> check() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("to", settings.to().toString());
    if (completedAt != null) {
      details.put("last_success", completedAt.toString());
    }
    if (trouble != null) {
      details.put("detail", trouble);
    }
    Status known = completedAt == null ? Status.UNKNOWN : Status.OK;
    return CompletableFuture.completedFuture(
        new Report(trouble == null ? known : Status.WARN, details));
  }
}
