package dev.escala.decode;

import dev.escala.decode.JsonValue.Form;
import dev.escala.model.Origin;
import dev.escala.model.ReasonCode;
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

  /** The id under which the source gives the message again. */
  static Object ofOrigin(Origin origin, boolean uuid) {
    if (!uuid) {
      return origin.messageId();
    }
    String id = origin.messageId().toLowerCase(Locale.ROOT);
    return JsonValue.isUuid(id)
        ? JsonValue.uuid(id)
        : UUID.nameUUIDFromBytes(
            (origin.source().label() + ':' + id).getBytes(StandardCharsets.UTF_8));
  }

  /** Several fields are joined by {@code |}, which is escaped inside of them. */
  static Object ofFields(List<String> fields, @Nullable JsonValue[] values, boolean uuid) {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      String part = part(fields.get(i), values[i]);
      key.append(i == 0 ? "" : "|");
      key.append(values.length == 1 ? part : part.replace("\\", "\\\\").replace("|", "\\|"));
    }
    String text = UnstorableText.clean(key.toString(), ColumnPolicy.Nul.REJECT, fields.getFirst());
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw Refusal.of(
          ReasonCode.FIELD_TOO_LONG,
          fields.getFirst(),
          "a key has at most " + MAX_BYTES + " bytes");
    }
    if (!uuid) {
      return text;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (!JsonValue.isUuid(lower)) {
      throw Refusal.of(ReasonCode.FIELD_TYPE, fields.getFirst(), "must be a uuid, as _id is");
    }
    return JsonValue.uuid(lower);
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
