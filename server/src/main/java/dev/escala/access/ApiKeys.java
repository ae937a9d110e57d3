package dev.escala.access;

import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.store.StoreException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The keys that open the door now, as the database has them: changes come by notice, and are looked
 * for every two seconds. While the database is away the keys hold for a minute.
 */
final class ApiKeys implements AutoCloseable {
  private static final Duration STALE = Duration.ofMinutes(1);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final byte[] NO_HASH = new byte[32];

  private final ApiKeyStore store;
  private final Observer observer;
  private final Thread watching;
  private final Map<String, Pace> paces = new ConcurrentHashMap<>();
  private volatile @Nullable Known known;
  private volatile boolean closed;

  /** The keys, and when they were so. */
  private record Known(Map<String, ApiKeyStore.Hashed> keys, long nanos) {}

  ApiKeys(ApiKeyStore store, Observer observer) {
    this.store = store;
    this.observer = observer;
    watching = Thread.ofVirtual().name("watch-keys").start(this::watch);
  }

  private void watch() {
    while (!closed) {
      try {
        store.watch(this::learn);
      } catch (StoreException away) {
        if (!closed) {
          observer.observed(
              new Observation.KeysFailed("escala.api_key", String.valueOf(away.getMessage())));
        }
      }
      LockSupport.parkNanos(closed ? 0 : BETWEEN_TRIES.toNanos());
    }
  }

  private boolean learn(Map<String, ApiKeyStore.Hashed> keys) {
    known = new Known(keys, System.nanoTime());
    paces.keySet().retainAll(keys.keySet());
    return !closed;
  }

  /** The key of this text, if it is one that opens the door now. Never blocks. */
  ApiKey check(String text, Instant now) throws TokenRefused {
    Known present = known;
    if (present == null || System.nanoTime() - present.nanos() > STALE.toNanos()) {
      throw TokenRefused.keysUnavailable();
    }
    Optional<KeySecret> secret = KeySecret.parse(text);
    ApiKeyStore.Hashed found = secret.map(s -> present.keys().get(s.id())).orElse(null);
    boolean isRight =
        secret.isPresent()
            && MessageDigest.isEqual(found == null ? NO_HASH : found.hash(), secret.get().hash());
    if (found == null || !isRight || !found.key().isGoodAt(now)) {
      throw TokenRefused.badKey();
    }
    return found.key();
  }

  /** Whether it may ask once more now. */
  boolean isInPace(ApiKey key) {
    Integer perSecond = key.perSecond();
    return perSecond == null
        || paces.computeIfAbsent(key.id(), id -> new Pace(perSecond, System::nanoTime)).take();
  }

  @Override
  public void close() {
    closed = true;
    watching.interrupt();
    LockSupport.unpark(watching);
  }
}
