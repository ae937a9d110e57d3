package dev.escala.publish;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.ColumnChunk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.Util;

/**
 * Pages that Snappy packed are looked at before they are unpacked: snappy-java writes as many
 * octets as a page says itself, however large the place is that was made for it by its header
 * (xerial/snappy-java#728), and ends the process.
 */
final class ParquetPages {
  private static final int MOST_HEADER = 16 << 20;

  private final InputFile file;
  private final ColumnChunk chunk;
  private final long end;

  private ParquetPages(InputFile file, ColumnChunk chunk) {
    this.file = file;
    this.chunk = chunk;
    this.end = chunk.chunkStartOffset() + chunk.metaData().totalCompressedSize();
  }

  /**
   * Looks at the header of each page of a column, and at the first octets behind it.
   *
   * @throws FileRefused where they do not agree
   */
  static void require(InputFile file, ColumnChunk chunk) throws IOException, FileRefused {
    ParquetPages pages = new ParquetPages(file, chunk);
    Set<Long> starts = new HashSet<>();
    long at = chunk.chunkStartOffset();
    while (at < pages.end) {
      starts.add(at);
      at = pages.page(at);
    }
    pages.requireIndex(starts);
  }

  /** Where the next one begins. */
  private long page(long at) throws IOException, FileRefused {
    ByteBuffer octets = file.readRange(at, (int) Math.min(MOST_HEADER, end - at));
    PageHeader header = Util.readPageHeader(new Octets(octets));
    long body = at + octets.position();
    long next = body + header.getCompressed_page_size();
    if (header.getCompressed_page_size() < 0 || next > end || !agrees(header, body)) {
      throw new FileRefused(
          "has a damaged page at octet %,d, in the column '%s'"
              .formatted(at, chunk.metaData().pathInSchema()));
    }
    return next;
  }

  private boolean agrees(PageHeader header, long body) throws IOException {
    long plain = 0; // levels, which in pages of the second version are not packed
    if (header.isSetData_page_header_v2()) {
      var second = header.getData_page_header_v2();
      if (!second.isIs_compressed()) {
        return true;
      }
      plain =
          (long) second.getDefinition_levels_byte_length()
              + second.getRepetition_levels_byte_length();
      if (second.getDefinition_levels_byte_length() < 0
          || second.getRepetition_levels_byte_length() < 0) {
        return false;
      }
    }
    long packed = header.getCompressed_page_size() - plain;
    long unpacked = header.getUncompressed_page_size() - plain;
    return packed >= 0
        && unpacked >= 0
        && (packed == 0 || length(file.readRange(body + plain, (int) packed)) == unpacked);
  }

  /** What Snappy will write, as it says at its beginning. */
  private static long length(ByteBuffer packed) {
    long length = 0;
    for (int shift = 0; shift < 35 && packed.hasRemaining(); shift += 7) {
      byte next = packed.get();
      length |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return length;
      }
    }
    return -1;
  }

  /** Pages are found by their index where there is one. */
  private void requireIndex(Set<Long> starts) throws IOException, FileRefused {
    Long offset = chunk.offsetIndexOffset();
    Integer length = chunk.offsetIndexLength();
    if (offset == null || length == null) {
      return;
    }
    for (PageLocation page :
        Util.readOffsetIndex(new Octets(file.readRange(offset, length))).getPage_locations()) {
      if (!starts.contains(page.getOffset())) {
        throw new FileRefused(
            "has no page at octet %,d, in the column '%s'"
                .formatted(page.getOffset(), chunk.metaData().pathInSchema()));
      }
    }
  }

  /** What was taken of it is before its position. */
  private static final class Octets extends InputStream {
    private final ByteBuffer octets;

    Octets(ByteBuffer octets) {
      this.octets = octets;
    }

    @Override
    public int read() {
      return octets.hasRemaining() ? octets.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int read = Math.min(length, octets.remaining());
      octets.get(into, offset, read);
      return read == 0 && length > 0 ? -1 : read;
    }
  }
}
