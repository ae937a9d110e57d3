package dev.escala.fleet;

import dev.escala.config.Section;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that goes wrong, and does not stop.
 *
 * @param scope {@code system} or {@code region}
 * @param target the name of one
 * @param after how long after the start
 */
record Incident(Kind kind, Scope scope, String target, Duration after) {
  private static final Duration SOON = Duration.ofSeconds(30);

  Incident {
    after = kind == Kind.NEVER_STARTED ? Duration.ZERO : after;
  }

  /** What goes wrong. */
  enum Kind {
    /** Nothing answers at the public address. */
    API_DOWN,
    /** The database does not answer; messages wait. */
    DATABASE_DOWN,
    /** The database takes three quarters of a second. */
    DATABASE_SLOW,
    /** Every second marker never becomes a row. */
    MESSAGES_LOST,
    /** Messages are received and never settled. */
    TOPIC_STUCK,
    /** Nothing can be scraped; users are served. */
    SILENT,
    /** It ends: nothing can be scraped, and nothing answers. */
    GONE,
    /** The same from the start on. */
    NEVER_STARTED,
    /** Nobody asks from outside any more. */
    PROBER_GONE;

    /** As it is written in files and on the command line. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What it strikes. */
  enum Scope {
    SYSTEM,
    REGION
  }

  static Incident read(Section section) {
    Kind kind = section.choice("kind", Kind.API_DOWN);
    Duration after = section.duration("after", SOON);
    if (section.has("region")) {
      return new Incident(kind, Scope.REGION, section.text("region"), after);
    }
    return new Incident(kind, Scope.SYSTEM, section.text("system"), after);
  }

  /** Reads {@code api-down=check-in} or {@code database-down=region:sa-east-1}; else empty. */
  static Optional<Incident> parse(String text) {
    int equals = text.indexOf('=');
    String target = text.substring(equals + 1);
    Scope scope = target.startsWith("region:") ? Scope.REGION : Scope.SYSTEM;
    return Arrays.stream(Kind.values())
        .filter(kind -> equals > 0 && kind.word().equals(text.substring(0, equals)))
        .map(kind -> new Incident(kind, scope, target.replaceFirst("^region:", ""), SOON))
        .findFirst();
  }

  /** The words of all kinds. */
  static List<String> words() {
    return Arrays.stream(Kind.values()).map(Kind::word).toList();
  }

  boolean strikes(FleetSystem system) {
    return switch (scope) {
      case SYSTEM -> system.name().equals(target);
      case REGION -> system.labels().region().equals(target);
    };
  }

  @Override
  public String toString() {
    return kind.word() + (scope == Scope.REGION ? " in the region " : " of ") + target;
  }
}
