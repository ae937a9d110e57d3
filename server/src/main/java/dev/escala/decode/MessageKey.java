package dev.escala.decode;

import dev.escala.decode.JsonValue.Form;
import dev.escala.model.Origin;
import dev.escala.model.ReasonCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The dedup key of a message. */
final class MessageKey {
  /** An entry of a b-tree index holds about 2,700 bytes. */
  private static final int MAX_BYTES = 1000;

  private MessageKey() {}

  /**
   * The id under which the source gives the message again, octet by octet: a uuid in its canonical
   * form stands for itself, anything else for its hash. Nothing is folded, so that different ids
   * are different keys.
   */
  static Object ofOrigin(Origin origin, boolean uuid) {
    String id = origin.messageId();
    if (!uuid) {
      return UnstorableText.clean(id, ColumnPolicy.Nul.REJECT, "_id");
    }
    UUID given = JsonValue.uuid(id);
    return given != null
        ? given
        : UUID.nameUUIDFromBytes(octets(origin.source().label() + ':' + id));
  }

  /** UTF-8, which has no octets for half a surrogate pair: a text with one is taken as UTF-16. */
  private static byte[] octets(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (new String(utf8, StandardCharsets.UTF_8).equals(text)) {
      return utf8;
    }
    ByteBuffer utf16 = ByteBuffer.allocate(2 * text.length());
    utf16.asCharBuffer().put(text);
    return utf16.array();
  }

  /** Several fields are joined by {@code |}, which is escaped inside of them. */
  static Object ofFields(List<String> fields, @Nullable JsonValue[] values, boolean uuid) {
    String joined =
        values.length == 1 ? part(fields.getFirst(), values[0]) : joined(fields, values);
    String text = UnstorableText.clean(joined, ColumnPolicy.Nul.REJECT, fields.getFirst());
    if (text.length() * 3L > MAX_BYTES && octets(text).length > MAX_BYTES) {
      throw Refusal.of(
          ReasonCode.FIELD_TOO_LONG,
          fields.getFirst(),
          "a key has at most " + MAX_BYTES + " bytes");
    }
    if (!uuid) {
      return text;
    }
    // Both spellings are one value of the type, here as in PostgreSQL.
    UUID key = JsonValue.uuid(text.toLowerCase(Locale.ROOT));
    if (key == null) {
      throw Refusal.of(ReasonCode.FIELD_TYPE, fields.getFirst(), "must be a uuid, as _id is");
    }
    return key;
  }

  private static String joined(List<String> fields, @Nullable JsonValue[] values) {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      String part = part(fields.get(i), values[i]);
      key.append(i == 0 ? "" : "|").append(part.replace("\\", "\\\\").replace("|", "\\|"));
    }
    return key.toString();
  }

  private static String part(String field, @Nullable JsonValue value) {
    if (value == null || value.form() == Form.NULL) {
      throw Refusal.of(ReasonCode.FIELD_MISSING, field, "is part of the key and must be there");
    }
    return switch (value.form()) {
      case TRUE -> "true";
      case FALSE -> "false";
      case CONTAINER ->
          throw Refusal.of(ReasonCode.FIELD_TYPE, field, "a key is a text, number or boolean");
      default -> value.text();
    };
  }
}
