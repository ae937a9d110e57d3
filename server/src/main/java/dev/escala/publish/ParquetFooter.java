package dev.escala.publish;

import dev.escala.http.coding.ZstdLibrary;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.ColumnMetaData;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.RowGroup;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a footer says is held to the file, since the library believes it: of a column that does not
 * end where the file does it looks for pages forever.
 */
final class ParquetFooter {
  /** Of these the libraries are there: snappy-java and lz4-java come with Kafka's client. */
  private static final Set<CompressionCodec> CODECS =
      Set.of(
          CompressionCodec.UNCOMPRESSED,
          CompressionCodec.SNAPPY,
          CompressionCodec.GZIP,
          CompressionCodec.ZSTD,
          CompressionCodec.LZ4,
          CompressionCodec.LZ4_RAW);

  private static final int MAGIC = 4;

  private ParquetFooter() {}

  /**
   * Looks at the groups that a file has.
   *
   * @param columns of the schema
   */
  static void require(InputFile file, List<RowGroup> groups, int columns)
      throws IOException, FileRefused {
    if (groups.stream().allMatch(group -> group.numRows() == 0)) {
      return; // nothing of them is read
    }
    for (RowGroup group : groups) {
      List<ColumnChunk> chunks = group.columns();
      if (chunks.size() != columns || group.numRows() <= 0) {
        throw new FileRefused(
            "has a group of %,d rows with %d of %d columns, which cannot be read"
                .formatted(group.numRows(), chunks.size(), columns));
      }
      for (ColumnChunk chunk : chunks) {
        requireCodec(chunk.metaData());
        requireWithin(chunk, file.length());
        if (chunk.metaData().codec() == CompressionCodec.SNAPPY) {
          ParquetPages.require(file, chunk);
        }
      }
    }
  }

  private static void requireCodec(ColumnMetaData column) throws FileRefused {
    if (!isThere(column.codec())) {
      throw new FileRefused(
          "is packed with %s in the column '%s', which cannot be read; what can be is %s"
              .formatted(
                  column.codec(),
                  column.pathInSchema(),
                  CODECS.stream().map(Enum::name).sorted().collect(Collectors.joining(", "))));
    }
  }

  /** Loaded here, as it is not found by itself everywhere. */
  private static boolean isThere(CompressionCodec codec) {
    return CODECS.contains(codec)
        && (codec != CompressionCodec.ZSTD || ZstdLibrary.trouble().isEmpty());
  }

  private static void requireWithin(ColumnChunk chunk, long length) throws FileRefused {
    ColumnMetaData column = chunk.metaData();
    long start = chunk.chunkStartOffset();
    long octets = column.totalCompressedSize();
    boolean within =
        start >= MAGIC
            && column.dataPageOffset() >= start
            && octets >= 0
            && octets <= length - start
            && column.dataPageOffset() - start <= octets;
    if (!within || column.numValues() < 0 || column.totalUncompressedSize() < 0) {
      throw new FileRefused(
          "has the column '%s' at %,d to %,d of %,d octets, with %,d values"
              .formatted(column.pathInSchema(), start, start + octets, length, column.numValues()));
    }
  }
}
