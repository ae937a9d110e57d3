package dev.escala.serve;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A stream of Apache Arrow as the project's own library reads it.
 *
 * @param rows of all batches, by the names of the columns
 * @param batches how many rows each has
 */
record ArrowAnswer(Schema schema, List<Map<String, @Nullable Object>> rows, List<Integer> batches) {

  static ArrowAnswer of(byte[] octets) throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(octets), allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      List<Map<String, @Nullable Object>> rows = new ArrayList<>();
      List<Integer> batches = new ArrayList<>();
      while (reader.loadNextBatch()) {
        root.getFieldVectors().forEach(FieldVector::validate);
        batches.add(root.getRowCount());
        for (int i = 0; i < root.getRowCount(); i++) {
          Map<String, @Nullable Object> row = new LinkedHashMap<>();
          for (FieldVector vector : root.getFieldVectors()) {
            row.put(vector.getName(), plain(vector.getObject(i)));
          }
          rows.add(row);
        }
      }
      return new ArrowAnswer(root.getSchema(), rows, batches);
    }
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case org.apache.arrow.vector.util.Text text -> text.toString();
      case List<?> list -> list.stream().map(ArrowAnswer::plain).toList();
      case null -> null;
      default -> value;
    };
  }

  /** The type of each column, as the library prints it. */
  String types() {
    return schema.getFields().stream()
        .map(field -> field.getName() + " " + type(field))
        .collect(Collectors.joining(", "));
  }

  private static String type(Field field) {
    return field.getChildren().isEmpty()
        ? field.getType().toString()
        : field.getType() + "<" + type(field.getChildren().getFirst()) + ">";
  }

  List<@Nullable Object> column(String name) {
    List<@Nullable Object> values = new ArrayList<>();
    rows.forEach(row -> values.add(row.get(name)));
    return values;
  }
}
