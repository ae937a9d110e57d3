package dev.escala.store.postgres;

import dev.escala.model.Payload;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Texts as PostgreSQL stores them, which takes neither U+0000 nor half a surrogate pair. */
final class StorableText {
  private static final char REPLACED = '\ufffd';

  /** In characters: an index entry has room for about 2,700 bytes. */
  private static final int LONGEST = 500;

  private StorableText() {}

  /** For people to read: U+FFFD stands for what cannot be stored. */
  static String of(String text) {
    StringBuilder storable = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        storable = storable == null ? new StringBuilder(text) : storable;
        storable.setCharAt(i, REPLACED);
      }
    }
    return storable == null ? text : storable.toString();
  }

  /**
   * For keys: another text for each text. One that is too long, or has U+FFFD in it, be it from the
   * beginning, ends with a hash; the others, which are stored as they are, have neither.
   */
  static String distinct(String text) {
    String storable = of(text);
    boolean asItIs = storable.length() <= LONGEST && storable.indexOf(REPLACED) < 0;
    return asItIs ? text : beginning(storable) + hash(text);
  }

  private static String beginning(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    boolean inPair = Character.isHighSurrogate(text.charAt(LONGEST - 1));
    return text.substring(0, inPair ? LONGEST - 1 : LONGEST);
  }

  private static String hash(String text) {
    return hash(Payload.of(characters(text)));
  }

  /** The characters themselves, two octets each: UTF-8 has no octets for half a pair. */
  static byte[] characters(String text) {
    ByteBuffer characters = ByteBuffer.allocate(2 * text.length());
    characters.asCharBuffer().put(text);
    return characters.array();
  }

  /** The text of {@link #characters}. */
  static String text(byte[] characters) {
    return ByteBuffer.wrap(characters).asCharBuffer().toString();
  }

  /** Of the bytes as they are. */
  static String hash(Payload payload) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(payload.array(), payload.offset(), payload.length());
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("each JDK has SHA-256", impossible);
    }
  }
}
