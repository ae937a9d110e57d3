package dev.escala.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a caller may do, before the database is asked. A set of names that is empty means any name.
 *
 * @param limits of each request
 */
public record Rights(
    Set<Action> may,
    Set<String> databases,
    Set<String> relations,
    Set<String> topics,
    Limits limits) {
  /** Everything. */
  public static final Rights ALL =
      new Rights(EnumSet.allOf(Action.class), Set.of(), Set.of(), Set.of());

  /** What the grants of a role of the database decide upon: reading, in both ways. */
  public static final Rights READING =
      new Rights(EnumSet.of(Action.READ, Action.SQL), Set.of(), Set.of(), Set.of());

  /** With the limits of the server alone. */
  public Rights(Set<Action> may, Set<String> databases, Set<String> relations, Set<String> topics) {
    this(may, databases, relations, topics, Limits.NONE);
  }

  public Rights {
    may = Set.copyOf(may);
    databases = Set.copyOf(databases);
    relations = Set.copyOf(relations);
    topics = Set.copyOf(topics);
  }

  /** Whether a relation of a database may be read. */
  public boolean mayRead(String database, String relation) {
    return may.contains(Action.READ) && is(databases, database) && is(relations, relation);
  }

  /** Whether anything of a database may be read or its relations be listed. */
  public boolean mayLookInto(String database) {
    return (may.contains(Action.READ) || may.contains(Action.SQL)) && is(databases, database);
  }

  /** SQL can name any relation, so that who is limited to some has none of it. */
  public boolean mayQuery(String database) {
    return may.contains(Action.SQL) && is(databases, database) && relations.isEmpty();
  }

  /** Whether a topic may be published to. */
  public boolean mayPublish(String topic) {
    return may.contains(Action.PUBLISH) && is(topics, topic);
  }

  /** Whether a topic's way and its dead letters may be seen, and these be worked on. */
  public boolean mayOperate(String topic) {
    return mayOperate() && is(topics, topic);
  }

  /** Whether that holds of any topic. */
  public boolean mayOperate() {
    return may.contains(Action.OPERATE);
  }

  /** Whether the admin port may be told to change something. */
  public boolean mayAdminister() {
    return may.contains(Action.ADMIN);
  }

  /** The same with no more than these limits. */
  public Rights within(Limits those) {
    return new Rights(may, databases, relations, topics, limits.within(those));
  }

  private static boolean is(Set<String> allowed, String name) {
    return allowed.isEmpty() || allowed.contains(name);
  }
}
