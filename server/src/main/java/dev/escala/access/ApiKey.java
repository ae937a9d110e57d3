package dev.escala.access;

import dev.escala.model.Rights;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that a caller may show; not its secret.
 *
 * @param id stands in the key, and names it to those who revoke it
 * @param name for people
 * @param role of the database as which it reads; null: the login of the server
 * @param perSecond how many requests a second it may make at each instance; null: any number
 */
public record ApiKey(
    String id,
    String name,
    @Nullable String role,
    Rights rights,
    @Nullable Integer perSecond,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt) {

  /** Whether it opens anything at this time. */
  public boolean isGoodAt(Instant time) {
    return revokedAt == null && (expiresAt == null || time.isBefore(expiresAt));
  }
}
