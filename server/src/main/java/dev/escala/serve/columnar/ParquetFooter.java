package dev.escala.serve.columnar;

import dev.escala.query.ColumnType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/** What stands at the end of a file of Apache Parquet: its schema, and where its values stand. */
final class ParquetFooter {
  /** About what each column of each group takes, here and in the footer. */
  private static final int CHUNK_OCTETS = 1024;

  private final List<Column> columns;
  private final List<SchemaElement> schema;
  private final List<RowGroup> groups = new ArrayList<>();
  private List<ColumnChunk> chunks = new ArrayList<>();
  private long rows;

  ParquetFooter(List<Column> columns) {
    this.columns = columns;
    schema = ParquetSchema.of(columns);
  }

  /** Octets of memory that it takes, and its octets when it is written. */
  int size() {
    return (int)
        Math.min(Integer.MAX_VALUE / 2, (long) groups.size() * columns.size() * CHUNK_OCTETS);
  }

  /** Notes where the page of the next column of a group stands. */
  void chunk(long position, int octets, int values) {
    chunk(position, CompressionCodec.UNCOMPRESSED, octets, octets, values);
  }

  /**
   * The same of a page that is packed.
   *
   * @param unpacked octets that it would take otherwise
   */
  void packed(long position, int octets, int unpacked, int values) {
    chunk(position, CompressionCodec.ZSTD, octets, unpacked, values);
  }

  private void chunk(long position, CompressionCodec codec, int octets, int unpacked, int values) {
    Column column = columns.get(chunks.size());
    ColumnType type = column.type();
    List<String> path =
        type.isList()
            ? List.of(column.name(), ParquetSchema.LIST, ParquetSchema.ELEMENT)
            : List.of(column.name());
    Type physical = ParquetSchema.physical(type);
    ColumnMetaData about =
        new ColumnMetaData(
            physical,
            List.of(Encoding.PLAIN, Encoding.RLE),
            path,
            codec,
            values,
            unpacked,
            octets,
            position);
    chunks.add(new ColumnChunk(0).setMeta_data(about));
  }

  /** Notes that the columns of a group are complete. */
  void group(int groupRows) {
    long octets = 0;
    for (ColumnChunk chunk : chunks) {
      octets += chunk.getMeta_data().getTotal_uncompressed_size();
    }
    groups.add(new RowGroup(chunks, octets, groupRows));
    chunks = new ArrayList<>();
    rows += groupRows;
  }

  byte[] octets() {
    FileMetaData file = new FileMetaData(2, schema, rows, groups).setCreated_by("Escala");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Util.writeFileMetaData(file, out);
    } catch (IOException neverInMemory) {
      throw new UncheckedIOException(neverInMemory);
    }
    return out.toByteArray();
  }
}
