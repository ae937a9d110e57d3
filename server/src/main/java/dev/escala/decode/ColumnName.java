package dev.escala.decode;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;

/** Turns any key of JSON into a name that a column can have. */
public final class ColumnName {
  /** NAMEDATALEN - 1 of PostgreSQL. */
  private static final int MAX_BYTES = 63;

  private static final Set<String> RESERVED =
      Set.of(
          "",
          "_id",
          "_event_time",
          "_received_at",
          "_source",
          "_extra",
          "tableoid",
          "xmin",
          "cmin",
          "xmax",
          "cmax",
          "ctid");

  private ColumnName() {}

  /**
   * The name itself where it is usable; {@code payload} is put before a reserved one, and a hash
   * ends what is longer than 63 bytes.
   */
  public static String of(String key) {
    String name = RESERVED.contains(key) ? "payload" + (key.startsWith("_") ? "" : "_") + key : key;
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_BYTES) {
      return name;
    }
    CRC32C hash = new CRC32C();
    hash.update(bytes);
    int end = MAX_BYTES - 9;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8)
        + "_"
        + HexFormat.of().toHexDigits((int) hash.getValue());
  }
}
