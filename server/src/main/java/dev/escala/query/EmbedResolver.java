package dev.escala.query;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationName;
import dev.escala.catalog.Relationship;
import dev.escala.catalog.Relationship.Cardinality;
import dev.escala.catalog.Relationship.Columns;
import dev.escala.catalog.Relationship.Computed;
import dev.escala.catalog.Relationship.Junction;
import dev.escala.model.Suggestion;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the relationship that {@code origin?select=target!hint(…)} means. */
final class EmbedResolver {
  private final DatabaseCatalog catalog;
  private final RelationName origin;
  private final String target;
  private final @Nullable String hint;

  private EmbedResolver(DatabaseCatalog catalog, RelationName origin, SelectItem.Embed embed) {
    this.catalog = catalog;
    this.origin = origin;
    this.target = embed.relation();
    this.hint = embed.hint();
  }

  /** The one relationship; refuses where there is none, or several. */
  static Relationship resolve(DatabaseCatalog catalog, RelationName origin, SelectItem.Embed embed)
      throws QueryRefused {
    EmbedResolver resolver = new EmbedResolver(catalog, origin, embed);
    List<Relationship> found = resolver.candidates().filter(resolver::matches).toList();
    return switch (found.size()) {
      case 1 -> found.getFirst();
      case 0 -> throw resolver.none();
      default -> throw QueryRefused.ambiguousEmbed(origin.name(), embed.relation(), found);
    };
  }

  /** Both ends have to be exposed, and stand in one schema. */
  private Stream<Relationship> candidates() {
    return catalog.relationships().from(origin).stream()
        .filter(each -> each.target().schema().equals(origin.schema()))
        .filter(each -> relation(each.target()).isPresent())
        .filter(
            each ->
                !(each.join() instanceof Junction junction)
                    || relation(junction.table()).isPresent());
  }

  private Optional<Relation> relation(RelationName name) {
    return catalog.relation(name.schema(), name.name());
  }

  private boolean matches(Relationship relationship) {
    return switch (relationship.join()) {
      case Computed computed -> target.equals(computed.function().name());
      case Columns columns when relationship.isSelf() -> matchesSelf(relationship, columns);
      case Columns columns -> matchesColumns(relationship, columns);
      case Junction junction ->
          target.equals(relationship.target().name())
              && (hint == null || hint.equals(junction.table().name()));
    };
  }

  private boolean matchesColumns(Relationship relationship, Columns columns) {
    boolean byName = target.equals(relationship.target().name());
    if (hint != null) {
      return byName
          && (hint.equals(columns.constraint())
              || isLocal(relationship, columns, hint)
              || isForeign(columns, hint));
    }
    boolean isView = relation(relationship.target()).orElseThrow().kind().isView();
    return byName
        || (!isView
            && (target.equals(columns.constraint()) || isLocal(relationship, columns, target)));
  }

  /** One key gives two relationships of a relation with itself: by its name the many. */
  private boolean matchesSelf(Relationship relationship, Columns columns) {
    boolean many = relationship.cardinality() == Cardinality.ONE_TO_MANY;
    if (hint != null) {
      return many && target.equals(relationship.target().name()) && isForeign(columns, hint);
    }
    return many
        ? target.equals(relationship.target().name())
        : isLocal(relationship, columns, target);
  }

  private static boolean isLocal(Relationship relationship, Columns columns, String name) {
    return relationship.isToOne()
        && columns.pairs().size() == 1
        && columns.pairs().getFirst().local().equals(name);
  }

  private static boolean isForeign(Columns columns, String name) {
    return columns.pairs().size() == 1 && columns.pairs().getFirst().foreign().equals(name);
  }

  private QueryRefused none() {
    String between = "'%s' and '%s'".formatted(origin.name(), target);
    return new QueryRefused(
        400,
        "PGRST200",
        "Could not find a relationship between " + between + " in the schema cache",
        "Searched for a foreign key relationship between %s%s in the schema '%s', but no matches were found."
            .formatted(
                between,
                hint == null ? "" : " using the hint '%s'".formatted(hint),
                origin.schema()),
        suggestion());
  }

  private @Nullable String suggestion() {
    List<String> names = candidates().map(each -> each.target().name()).distinct().toList();
    return Suggestion.nearest(target, names)
        .filter(near -> !Objects.equals(near, target))
        .map(near -> "Perhaps you meant '%s' instead of '%s'.".formatted(near, target))
        .orElse(null);
  }
}
