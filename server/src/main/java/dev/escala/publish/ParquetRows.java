package dev.escala.publish;

import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.schema.SchemaNode;
import dev.hardwood.schema.SchemaNode.GroupNode;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Rows put together of their columns, as JSON in which each value has the form that the types of a
 * topic know. A null is written: a structure has the same fields in each row, and null says nothing
 * about a type.
 */
final class ParquetRows {
  /** As deep as a message may be. */
  private static final int MOST_LEVELS = 100;

  private final ColumnReaders readers;
  private final List<ParquetColumn> columns = new ArrayList<>();
  private final ParquetNode root;
  private int left;

  /**
   * @throws FileRefused where the columns cannot be fields of JSON
   */
  ParquetRows(GroupNode schema, ColumnReaders readers) throws FileRefused {
    this.readers = readers;
    this.root = struct(schema, new Place(0, 1));
  }

  /** The next row; null behind the last. */
  @Nullable String next() {
    while (left == 0) {
      if (!readers.nextBatch()) {
        return null;
      }
      left = readers.getRecordCount();
      columns.forEach(ParquetColumn::batch);
    }
    left--;
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JsonMessages.JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      root.write(out);
    }
    return text.toString();
  }

  /**
   * Where a node stands.
   *
   * @param placed the definition level of the innermost repetition above it
   */
  private record Place(int placed, int level) {
    Place within(SchemaNode repeated) {
      return new Place(repeated.maxDefinitionLevel(), level + 1);
    }

    Place deeper() {
      return new Place(placed, level + 1);
    }
  }

  private ParquetNode node(SchemaNode schema, Place place) throws FileRefused {
    return switch (schema.repetitionType()) {
      case REQUIRED -> content(schema, place);
      case OPTIONAL ->
          new ParquetNode.Optional(content(schema, place), schema.maxDefinitionLevel());
      case REPEATED -> elements(schema, content(schema, place.within(schema)));
    };
  }

  private static ParquetNode elements(SchemaNode repeated, ParquetNode element) {
    return new ParquetNode.Elements(
        element, repeated.maxDefinitionLevel(), repeated.maxRepetitionLevel());
  }

  /** What it is, apart from how often it may be there. */
  private ParquetNode content(SchemaNode schema, Place place) throws FileRefused {
    return switch (schema) {
      case PrimitiveNode leaf -> new ParquetNode.Leaf(column(leaf, place));
      case GroupNode group when group.isVariant() ->
          throw new FileRefused(
              "has the column '" + group.name() + "' of the type VARIANT, which cannot be read");
      case GroupNode group when group.getListElement() != null -> list(group, place);
      case GroupNode group when group.getMapKey() instanceof PrimitiveNode key ->
          map(group, key, place);
      case GroupNode group -> struct(group, place);
    };
  }

  private ParquetColumn column(PrimitiveNode leaf, Place place) {
    ParquetColumn column =
        new ParquetColumn(leaf, readers.getColumnReader(leaf.columnIndex()), place.placed());
    columns.add(column);
    return column;
  }

  private ParquetNode list(GroupNode group, Place place) throws FileRefused {
    SchemaNode repeated = group.children().getFirst();
    SchemaNode element = group.getListElement();
    Place within = place.within(repeated);
    // In lists of old writers what is repeated is the element.
    return elements(
        repeated, element.equals(repeated) ? content(element, within) : node(element, within));
  }

  private ParquetNode map(GroupNode group, PrimitiveNode key, Place place) throws FileRefused {
    SchemaNode repeated = group.children().getFirst();
    Place within = place.within(repeated);
    SchemaNode value = group.getMapValue();
    ParquetColumn keys = column(key, within);
    return new ParquetNode.Entries(
        keys,
        value == null ? null : node(value, within),
        repeated.maxDefinitionLevel(),
        repeated.maxRepetitionLevel());
  }

  private ParquetNode struct(GroupNode group, Place place) throws FileRefused {
    if (place.level() > MOST_LEVELS) {
      throw new FileRefused("has columns that nest deeper than " + MOST_LEVELS + " levels");
    }
    if (group.children().isEmpty()) {
      throw new FileRefused("has no columns in '" + group.name() + "'");
    }
    Set<String> seen = new HashSet<>();
    List<ParquetNode> fields = new ArrayList<>();
    for (SchemaNode child : group.children()) {
      if (!seen.add(child.name())) {
        throw new FileRefused("has two columns with the name '" + child.name() + "'");
      }
      fields.add(node(child, place.deeper()));
    }
    return new ParquetNode.Struct(group.children().stream().map(SchemaNode::name).toList(), fields);
  }
}
