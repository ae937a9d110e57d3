package dev.escala.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, as far as the server knows.
 *
 * @param role of the database as which reads run; null: as the login of the server
 * @param claims what is known of the caller, as a JSON object, for policies of the database
 * @param validity until when that holds, for what goes on for long
 */
public record Caller(
    Kind kind, @Nullable String role, String claims, Rights rights, Validity validity) {
  /** Where nobody is asked who they are. */
  public static final Caller ANYBODY = new Caller(Kind.ANYBODY, null, "{}", Rights.ALL);

  /** How a caller is known. */
  public enum Kind {
    /** Not at all, since there is no lock. */
    ANYBODY,
    /** By nothing that was shown. */
    ANONYMOUS,
    /** By a key or a token. */
    KNOWN
  }

  /** Whether what a caller showed still opens the door. */
  @FunctionalInterface
  public interface Validity {
    /** Of who shows nothing. */
    Validity ALWAYS = now -> true;

    boolean holdsAt(Instant now);
  }

  /** Who is known without an end. */
  public Caller(Kind kind, @Nullable String role, String claims, Rights rights) {
    this(kind, role, claims, rights, Validity.ALWAYS);
  }

  /** The same with no more than these limits. */
  public Caller within(Limits limits) {
    return new Caller(kind, role, claims, rights.within(limits), validity);
  }

  /** The same as long as that holds. */
  public Caller asLongAs(Validity holds) {
    return new Caller(kind, role, claims, rights, holds);
  }

  public boolean isAnybody() {
    return kind == Kind.ANYBODY;
  }

  public boolean isAnonymous() {
    return kind == Kind.ANONYMOUS;
  }
}
