package dev.escala.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds up rows, whatever their order: the SHA-256 of each row, in four numbers of 64 bits, and how
 * many there are. Two sums are equal where the rows are, as often as each is there.
 */
final class RowSum {
  private static final int NUMBERS = 4;

  private final List<ArchiveColumn> columns;
  private final MessageDigest digest;
  private final long[] sums = new long[NUMBERS];
  private long rows;

  RowSum(List<ArchiveColumn> columns) {
    this.columns = columns;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException neverMissing) {
      throw new IllegalStateException(neverMissing);
    }
  }

  long rows() {
    return rows;
  }

  /** A row as PostgreSQL prints it. */
  void addPrinted(@Nullable String[] row) {
    for (int i = 0; i < row.length; i++) {
      ArchiveColumn column = columns.get(i);
      String text = row[i];
      if (text == null || !column.type().isList()) {
        value(column, text);
      } else {
        List<@Nullable String> elements = PrintedValue.elements(column.name(), text);
        length(elements.size());
        elements.forEach(element -> value(column, element));
      }
    }
    end();
  }

  /** The next value of a row of a file; null for none. */
  void value(ArchiveColumn column, @Nullable String text) {
    if (text == null) {
      length(-1);
      return;
    }
    byte[] octets = bits(column, text).getBytes(StandardCharsets.UTF_8);
    length(octets.length);
    digest.update(octets);
  }

  /** Java prints such numbers otherwise than PostgreSQL; both texts are of one value alone. */
  private static String bits(ArchiveColumn column, String text) {
    return switch (column.type().scalar()) {
      case FLOAT4 -> Integer.toHexString(Float.floatToIntBits(Float.parseFloat(text)));
      case FLOAT8 -> Long.toHexString(Double.doubleToLongBits(Double.parseDouble(text)));
      default -> text;
    };
  }

  /** How many elements, or octets, follow. */
  void length(int length) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
  }

  /** All values of the row were there. */
  void end() {
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    for (int i = 0; i < NUMBERS; i++) {
      sums[i] += hash.getLong();
    }
    rows++;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(rows);
    for (long sum : sums) {
      text.append(' ').append(HexFormat.of().toHexDigits(sum));
    }
    return text.toString();
  }
}
