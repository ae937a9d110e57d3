package dev.escala.app;

import dev.escala.model.OpenLetters;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.LettersExpired;
import dev.escala.observe.Observer;
import dev.escala.store.StoreException;
import dev.escala.store.postgres.LetterSettings;
import dev.escala.store.postgres.LetterUpkeep;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The dead letters of one database: how many are open, and the end of those that are too old. */
final class LetterWatch implements HealthProbe {
  private final String database;
  private final LetterUpkeep letters;
  private final LetterSettings settings;
  private final Observer observer;
  private volatile @Nullable List<OpenLetters> open;

  LetterWatch(String database, LetterUpkeep letters, LetterSettings settings, Observer observer) {
    this.database = database;
    this.letters = letters;
    this.settings = settings;
    this.observer = observer;
  }

  /** Asks the database, and answers what is known of it: nothing where it does not answer. */
  List<OpenLetters> measure() {
    try {
      List<OpenLetters> found = letters.open();
      open = found;
      return found;
    } catch (StoreException away) {
      open = null; // told by whoever looks at the database
      return List.of();
    }
  }

  /** What the database does not delete now it does at the next round. */
  void expire() {
    try {
      LetterUpkeep.Expired expired = letters.expire(settings);
      if (expired.all() > 0) {
        observer.observed(new LettersExpired(database, expired.open(), expired.settled()));
      }
    } catch (StoreException away) {
      // told by whoever looks at the database
    }
  }

  @Override
  public String name() {
    return "dead letters " + database;
  }

  /** Never more than a remark: they are kept, and whoever is to look at them is called. */
  @Override
  public CompletionStage<Report> check() {
    Map<String, Object> details = new LinkedHashMap<>();
    List<OpenLetters> known = open;
    if (known != null) {
      details.put("open", known.stream().mapToLong(OpenLetters::count).sum());
      if (known.stream().anyMatch(OpenLetters::orMore)) {
        details.put("or_more", true);
      }
      known.stream()
          .map(OpenLetters::oldest)
          .min(Instant::compareTo)
          .ifPresent(oldest -> details.put("oldest_seconds", seconds(oldest)));
    }
    return CompletableFuture.completedFuture(new Report(Status.OK, details));
  }

  private static double seconds(Instant since) {
    return Math.max(0, Duration.between(since, Instant.now()).toMillis()) / 1000.0;
  }
}
