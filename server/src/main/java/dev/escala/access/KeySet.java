package dev.escala.access;

import com.nimbusds.jose.jwk.JWK;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The keys that tokens are checked with. Those of a source are read again when a token names one
 * that is not there, but not more often than clients may cause, and now and then by themselves.
 */
final class KeySet {
  static final Duration BETWEEN_READS = Duration.ofSeconds(10);
  static final Duration OLD = Duration.ofMinutes(5);

  private final Optional<KeySource> source;
  private final LongSupplier nanoTime;
  private final Observer observer;
  private final ReentrantLock reading = new ReentrantLock();
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile Keys keys;
  private volatile long readNanos;

  /**
   * Some keys, and the number of their set, which grows when the keys are others; 0 before the
   * first.
   */
  record Keys(List<JWK> all, int generation) {
    boolean areThere() {
      return generation > 0;
    }
  }

  private KeySet(
      Optional<KeySource> source, List<JWK> keys, LongSupplier nanoTime, Observer observer) {
    this.source = source;
    this.keys = new Keys(keys, keys.isEmpty() ? 0 : 1);
    this.nanoTime = nanoTime;
    this.observer = observer;
    readNanos = nanoTime.getAsLong() - OLD.toNanos();
  }

  /** Does not read the source yet. */
  static KeySet of(JwtSettings settings, LongSupplier nanoTime, Observer observer) {
    List<JWK> written =
        settings.secret().isEmpty()
            ? List.of()
            : KeyText.ofSecret(settings.secret(), settings.isBase64());
    return new KeySet(settings.jwks().map(KeySource::new), written, nanoTime, observer);
  }

  /** Never blocks; where the keys are old they are read again meanwhile. */
  Keys current() {
    if (isOlderThan(OLD) && !renewing.getAndSet(true)) {
      Thread.ofVirtual().name("renew-keys").start(this::renew);
    }
    return keys;
  }

  private void renew() {
    try {
      var _ = newerThan(keys);
    } finally {
      renewing.set(false);
    }
  }

  /**
   * The keys after these did not do: read now, by the first who asks, unless they were just read.
   * Blocks.
   */
  Keys newerThan(Keys seen) {
    reading.lock();
    try {
      if (keys.generation() == seen.generation() && isOlderThan(BETWEEN_READS)) {
        readNanos = nanoTime.getAsLong();
        read(source.orElseThrow());
      }
      return keys;
    } finally {
      reading.unlock();
    }
  }

  private boolean isOlderThan(Duration age) {
    return source.isPresent() && nanoTime.getAsLong() - readNanos >= age.toNanos();
  }

  private void read(KeySource from) {
    try {
      List<JWK> found = from.read();
      if (!found.equals(keys.all()) || !keys.areThere()) {
        keys = new Keys(found, keys.generation() + 1);
      }
    } catch (IOException failure) {
      observer.observed(
          new Observation.KeysFailed(
              from.address().toString(), String.valueOf(failure.getMessage())));
    }
  }
}
