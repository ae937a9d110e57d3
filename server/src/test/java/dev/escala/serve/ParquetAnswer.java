package dev.escala.serve;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of Apache Parquet as another library reads it.
 *
 * @param schema as that library prints it
 * @param rows of all groups, by the names of the columns
 * @param groups how many rows each has
 */
record ParquetAnswer(String schema, List<Map<String, @Nullable Object>> rows, List<Long> groups) {

  static ParquetAnswer of(byte[] octets) throws IOException {
    try (ParquetFileReader file = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(octets)));
        RowReader reader = file.rowReader()) {
      List<Map<String, @Nullable Object>> rows = new ArrayList<>();
      while (reader.hasNext()) {
        reader.next();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 0; i < reader.getFieldCount(); i++) {
          Object value = reader.isNull(i) ? null : reader.getValue(i);
          row.put(reader.getFieldName(i), value instanceof PqList list ? list.values() : value);
        }
        rows.add(row);
      }
      List<Long> groups =
          file.getFileMetaData().rowGroups().stream().map(RowGroup::numRows).toList();
      return new ParquetAnswer(file.getFileSchema().toString(), rows, groups);
    }
  }

  List<@Nullable Object> column(String name) {
    List<@Nullable Object> values = new ArrayList<>();
    rows.forEach(row -> values.add(row.get(name)));
    return values;
  }
}
