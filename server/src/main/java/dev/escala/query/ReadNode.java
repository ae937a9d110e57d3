package dev.escala.query;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.Relation;
import dev.escala.catalog.Relationship;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One relation of a read with what is asked of it, and the relations embedded in it.
 *
 * @param call of the function that gives its rows; null where it is read itself
 * @param alias under which it stands in the SQL
 * @param embedded in the order of the items
 */
record ReadNode(
    Relation relation,
    @Nullable RoutineCall call,
    String alias,
    ReadRequest request,
    List<Embedded> embedded) {
  /** Under which the relation of the path stands. */
  static final String ROOT = "r";

  ReadNode {
    embedded = List.copyOf(embedded);
  }

  /**
   * A relation inside of another.
   *
   * @param alias under which its rows stand in the SQL of the one around it
   */
  record Embedded(SelectItem.Embed item, Relationship relationship, String alias, ReadNode node) {

    boolean isToOne() {
      return relationship.isToOne();
    }

    /** Whether it is a member of each row, under a name of its own. */
    boolean isMember() {
      return !item.spread() && !item.request().select().isEmpty();
    }

    boolean isCalled(String name) {
      return name.equals(item.name()) || name.equals(item.relation());
    }
  }

  /** Of a relation; of what is embedded no more rows than those are taken for each row. */
  static ReadNode of(
      DatabaseCatalog catalog,
      Relation relation,
      ReadRequest request,
      ToLongFunction<Relation> mostEmbedded)
      throws QueryRefused {
    if (request.isFlat()) {
      return new ReadNode(relation, null, ROOT, request, List.of());
    }
    return new Numbering(catalog, mostEmbedded).node(relation, ROOT, request);
  }

  /** The same, where a function gives the rows. */
  ReadNode of(RoutineCall giving) {
    return new ReadNode(relation, giving, alias, request, embedded);
  }

  /** The same in another order. */
  ReadNode with(List<OrderTerm> order) {
    return new ReadNode(relation, call, alias, request.with(order), embedded);
  }

  /** Writes what is read from. */
  void from(SqlText sql) {
    if (call == null) {
      sql.add(" FROM ").add(relation.fullName()).add(" AS ").add(alias);
    } else {
      call.from(sql, alias);
    }
  }

  /** Each is a join, and the planner of PostgreSQL takes its time for many of them. */
  private static final int MOST_EMBEDDED = 50;

  /** Resolves the embeds and gives each an alias. */
  private static final class Numbering {
    private final DatabaseCatalog catalog;
    private final ToLongFunction<Relation> most;
    private int last;

    Numbering(DatabaseCatalog catalog, ToLongFunction<Relation> most) {
      this.catalog = catalog;
      this.most = most;
    }

    ReadNode node(Relation relation, String alias, ReadRequest request) throws QueryRefused {
      List<Embedded> embedded = new ArrayList<>();
      for (SelectItem.Embed embed : request.embeds().toList()) {
        Relationship found = EmbedResolver.resolve(catalog, relation.fullName(), embed);
        Relation target =
            catalog.relation(found.target().schema(), found.target().name()).orElseThrow();
        int number = ++last;
        if (number > MOST_EMBEDDED) {
          throw QueryRefused.tooManyEmbedded(MOST_EMBEDDED);
        }
        Page page = embed.request().page().atMost(most.applyAsLong(target));
        ReadNode node = node(target, ROOT + number, embed.request().with(page));
        embedded.add(new Embedded(embed, found, "e" + number, node));
      }
      return new ReadNode(relation, null, alias, request, embedded);
    }
  }

  /** The embed that parameters of the query string call so. */
  Optional<Embedded> embedded(String name) {
    return embedded.stream().filter(each -> each.isCalled(name)).findFirst();
  }

  /** Adds the names of what is embedded, and of the tables between. */
  void addEmbedded(Set<String> names) {
    for (Embedded embed : embedded) {
      names.add(embed.relationship().target().name());
      if (embed.relationship().join() instanceof Relationship.Junction junction) {
        names.add(junction.table().name());
      }
      embed.node().addEmbedded(names);
    }
  }

  /** Whether it is the relation of the path. */
  boolean isRoot() {
    return alias.equals(ROOT);
  }

  /** Whether an embed may have many rows for each row. */
  boolean hasToMany() {
    for (Embedded each : embedded) {
      if (!each.isToOne() || each.node().hasToMany()) {
        return true;
      }
    }
    return false;
  }

  /** Whether rows are grouped: an aggregate is among the items, or spread into them. */
  boolean isGrouped() {
    if (request.beyond().distinct()) {
      return true;
    }
    for (SelectItem item : request.select()) {
      if (item instanceof SelectItem.Aggregate) {
        return true;
      }
    }
    for (Embedded each : embedded) {
      if (each.item().spread() && each.isToOne() && each.node().isGrouped()) {
        return true;
      }
    }
    return false;
  }
}
