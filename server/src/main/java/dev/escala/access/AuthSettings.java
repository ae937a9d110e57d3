package dev.escala.access;

import dev.escala.config.Section;
import dev.escala.model.Action;
import dev.escala.model.Rights;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who is let in: what {@code auth} says. */
public sealed interface AuthSettings {

  /** Nothing is said, so that only this machine may be let in. */
  record Missing() implements AuthSettings {}

  /** It is written down that anybody is let in. */
  record None() implements AuthSettings {}

  /**
   * Callers show who they are.
   *
   * @param apiKeys the database in which keys are kept, empty for the first one; absent if no keys
   *     are taken
   * @param anonymous the role of those who show nothing
   * @param roles what some roles may do; others may read
   */
  record Locked(
      Optional<JwtSettings> jwt,
      Optional<String> apiKeys,
      Optional<String> anonymous,
      Map<String, Rights> roles)
      implements AuthSettings {
    public Locked {
      roles = Map.copyOf(roles);
    }

    private Set<String> named() {
      Set<String> named = new TreeSet<>(roles.keySet());
      anonymous.ifPresent(named::add);
      named.removeIf(
          role ->
              !rightsOf(role).may().contains(Action.READ)
                  && !rightsOf(role).may().contains(Action.SQL));
      return named;
    }

    Rights rightsOf(String role) {
      return roles.getOrDefault(role, Rights.READING);
    }
  }

  /** Where keys are kept, if any are taken: the name of a database, or empty for the first one. */
  default Optional<String> apiKeys() {
    return Optional.empty();
  }

  /** The roles that are named and read, of which the login of readers has to be a member. */
  default Set<String> readingRoles() {
    return this instanceof Locked locked ? locked.named() : Set.of();
  }

  /** Reads {@code auth} of the whole file. */
  static AuthSettings read(Section root) {
    if (!root.has("auth")) {
      return new Missing();
    }
    if (root.isText("auth", "none")) {
      return new None();
    }
    Section section = root.section("auth");
    Optional<JwtSettings> jwt =
        section.has("jwt")
            ? Optional.of(JwtSettings.read(section.section("jwt")))
            : Optional.empty();
    Optional<String> apiKeys =
        section.has("api-keys")
            ? Optional.of(section.section("api-keys").text("database", ""))
            : Optional.empty();
    Optional<String> anonymous = section.section("anonymous").optionalText("role");
    if (jwt.isEmpty() && apiKeys.isEmpty() && anonymous.isEmpty()) {
      root.reject(
          "auth", "lets nobody in: configure jwt, api-keys or anonymous, or write auth: none");
    }
    return new Locked(jwt, apiKeys, anonymous, roles(section));
  }

  private static Map<String, Rights> roles(Section section) {
    Map<String, Rights> roles = new LinkedHashMap<>();
    section.sections("roles").forEach((role, rights) -> roles.put(role, rights(rights)));
    return roles;
  }

  private static Rights rights(Section section) {
    return new Rights(
        may(section),
        Set.copyOf(section.texts("databases")),
        Set.copyOf(section.texts("relations")),
        Set.copyOf(section.texts("topics")));
  }

  private static Set<Action> may(Section section) {
    Set<Action> may = EnumSet.noneOf(Action.class);
    List<String> words = section.has("may") ? section.texts("may") : List.of("read", "sql");
    for (String word : words) {
      try {
        may.add(Action.valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException unknown) {
        section.reject(
            "may", "must be a list of read, sql, publish, operate and admin, not " + word);
      }
    }
    return may;
  }
}
