package dev.escala.decode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;

/** Turns any key of JSON into a name that a column can have. */
public final class ColumnName {
  /** NAMEDATALEN - 1 of PostgreSQL. */
  private static final int MAX_BYTES = 63;

  private static final int HASH_BYTES = 8;

  private static final Set<String> RESERVED =
      Set.of(
          "",
          "_id",
          "_event_time",
          "_received_at",
          "_source",
          "_extra",
          "_sequence",
          "_issues",
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
    String name = unreserved(key);
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MAX_BYTES ? name : shortened(bytes, sha256(bytes));
  }

  /**
   * Where a longer name was ended by a shorter hash: names of tables, and of columns that were made
   * before.
   */
  static String former(String key) {
    String name = unreserved(key);
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MAX_BYTES ? name : shortened(bytes, crc32c(bytes));
  }

  private static String unreserved(String key) {
    return RESERVED.contains(key) ? "payload" + (key.startsWith("_") ? "" : "_") + key : key;
  }

  private static String shortened(byte[] bytes, String hash) {
    int end = MAX_BYTES - 1 - hash.length();
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + "_" + hash;
  }

  private static String sha256(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("each JDK has SHA-256", impossible);
    }
  }

  private static String crc32c(byte[] bytes) {
    CRC32C hash = new CRC32C();
    hash.update(bytes);
    return HexFormat.of().toHexDigits((int) hash.getValue());
  }
}
