package dev.escala.catalog;

import dev.escala.catalog.Relationship.Cardinality;
import dev.escala.catalog.Relationship.Columns;
import dev.escala.catalog.Relationship.Junction;
import dev.escala.catalog.Relationship.Pair;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Which relations belong together, by the foreign keys of tables and of those behind views. */
public final class Relationships {
  public static final Relationships NONE =
      new Relationships(List.of(), new ViewColumns(List.of()), List.of());

  private final Map<RelationName, List<Relationship>> byOrigin = new HashMap<>();
  private final ViewColumns views;

  /** Of these foreign keys, seen through these views; computed ones come as they are. */
  public static Relationships of(
      Collection<ForeignKey> keys, Collection<ShownColumn> shown, List<Relationship> computed) {
    return new Relationships(keys, new ViewColumns(shown), computed);
  }

  private Relationships(
      Collection<ForeignKey> keys, ViewColumns views, List<Relationship> computed) {
    this.views = views;
    Map<RelationName, List<ForeignKey>> byTable = new LinkedHashMap<>();
    for (ForeignKey key : keys) {
      direct(key);
      byTable.computeIfAbsent(key.table(), ignored -> new ArrayList<>()).add(key);
    }
    byTable.values().forEach(this::throughEach);
    computed.forEach(this::replace);
  }

  /** Those that begin at a relation. */
  public List<Relationship> from(RelationName origin) {
    return byOrigin.getOrDefault(origin, List.of());
  }

  /** A relation through which columns of a table are seen, and their names there. */
  private record Face(RelationName relation, List<String> columns) {}

  private List<Face> faces(RelationName table, List<String> columns) {
    List<Face> faces = new ArrayList<>(List.of(new Face(table, columns)));
    for (RelationName view : views.views()) {
      views.names(view, table, columns).ifPresent(names -> faces.add(new Face(view, names)));
    }
    return faces;
  }

  private void direct(ForeignKey key) {
    for (Face from : faces(key.table(), key.columns())) {
      for (Face to : faces(key.target(), key.referenced())) {
        add(
            from.relation(),
            to.relation(),
            key.unique() ? Cardinality.ONE_TO_ONE : Cardinality.MANY_TO_ONE,
            columns(key, from.columns(), to.columns()));
        add(
            to.relation(),
            from.relation(),
            key.unique() ? Cardinality.ONE_TO_ONE : Cardinality.ONE_TO_MANY,
            columns(key, to.columns(), from.columns()));
      }
    }
  }

  private void add(
      RelationName origin, RelationName target, Cardinality cardinality, Relationship.Join join) {
    byOrigin
        .computeIfAbsent(origin, ignored -> new ArrayList<>())
        .add(new Relationship(origin, target, cardinality, join));
  }

  private static Columns columns(ForeignKey key, List<String> local, List<String> foreign) {
    return new Columns(
        key.constraint(),
        IntStream.range(0, local.size())
            .mapToObj(i -> new Pair(local.get(i), foreign.get(i)))
            .toList());
  }

  /** A table whose primary key has the columns of two foreign keys joins what they refer to. */
  private void throughEach(List<ForeignKey> ofOneTable) {
    for (ForeignKey one : ofOneTable) {
      for (ForeignKey other : ofOneTable) {
        boolean joins = one.inPrimaryKey() && other.inPrimaryKey() && !one.equals(other);
        if (joins && !one.target().equals(other.target())) {
          through(one, other);
        }
      }
    }
  }

  private void through(ForeignKey toOrigin, ForeignKey toTarget) {
    List<String> both = new ArrayList<>(toOrigin.columns());
    both.addAll(toTarget.columns());
    int split = toOrigin.columns().size();
    for (Face junction : faces(toOrigin.table(), both)) {
      for (Face origin : faces(toOrigin.target(), toOrigin.referenced())) {
        for (Face target : faces(toTarget.target(), toTarget.referenced())) {
          List<String> columns = junction.columns();
          add(
              origin.relation(),
              target.relation(),
              Cardinality.MANY_TO_MANY,
              new Junction(
                  junction.relation(),
                  columns(toOrigin, columns.subList(0, split), origin.columns()),
                  columns(toTarget, columns.subList(split, columns.size()), target.columns())));
        }
      }
    }
  }

  /** A computed one hides those found between the same relation and one of the function's name. */
  private void replace(Relationship computed) {
    String function = ((Relationship.Computed) computed.join()).function().name();
    List<Relationship> present =
        byOrigin.computeIfAbsent(computed.origin(), ignored -> new ArrayList<>());
    present.removeIf(
        found ->
            !(found.join() instanceof Relationship.Computed)
                && found.target().name().equals(function));
    present.add(computed);
  }
}
