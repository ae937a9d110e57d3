package dev.escala.serve.relation;

import dev.escala.catalog.Relationship;
import dev.escala.catalog.Relationship.Columns;
import dev.escala.catalog.Relationship.Computed;
import dev.escala.catalog.Relationship.Junction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How relations are embedded, for those who ask what there is. */
public final class EmbedText {
  private EmbedText() {}

  /** Each of the relationships of one relation, as members of a JSON document. */
  public static List<Map<String, Object>> all(List<Relationship> from) {
    return from.stream().map(each -> relationship(each, from)).toList();
  }

  private static Map<String, Object> relationship(Relationship one, List<Relationship> all) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("relation", one.target().name());
    described.put("cardinality", one.cardinality());
    described.put("by", by(one));
    described.put("embed", "select=*,%s(*)".formatted(embed(one, all)));
    return described;
  }

  private static String by(Relationship one) {
    return switch (one.join()) {
      case Columns columns ->
          columns.pairs().stream()
              .map(
                  pair -> "%s = %s.%s".formatted(pair.local(), one.target().name(), pair.foreign()))
              .collect(Collectors.joining(" and "));
      case Junction junction -> "through " + junction.table().name();
      case Computed computed -> "the function " + computed.function().name();
    };
  }

  /** Where two lead to the same relation, the name of the constraint tells them apart. */
  private static String embed(Relationship one, List<Relationship> all) {
    String name = one.target().name();
    boolean isAlone = all.stream().filter(each -> each.target().name().equals(name)).count() == 1;
    return switch (one.join()) {
      case Computed computed -> computed.function().name();
      case Columns columns -> isAlone ? name : name + "!" + columns.constraint();
      case Junction junction -> isAlone ? name : name + "!" + junction.table().name();
    };
  }
}
