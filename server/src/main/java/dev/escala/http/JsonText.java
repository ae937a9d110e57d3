package dev.escala.http;

import java.io.StringWriter;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** Writes small values as JSON: maps, collections, texts, numbers, booleans and null. */
public final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  /**
   * Half of a surrogate pair, which UTF-8 has no octets for; whole pairs are one character here.
   */
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  private JsonText() {}

  /** Anything else than the types above is written as its text. */
  public static String of(@Nullable Object value) {
    StringWriter json = new StringWriter(256);
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), json)) {
      write(generator, value);
    }
    return json.toString();
  }

  /** Behind what is there already. */
  public static void append(StringBuilder json, @Nullable Object value) {
    json.append(of(value));
  }

  private static void write(JsonGenerator json, @Nullable Object value) {
    switch (value) {
      case null -> json.writeNull();
      case Double number when !Double.isFinite(number) -> json.writeNull();
      case Number number -> json.writeNumber(number.toString());
      case Boolean flag -> json.writeBoolean(flag);
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach(
            (name, member) -> {
              json.writeName(String.valueOf(name));
              write(json, member);
            });
        json.writeEndObject();
      }
      case Collection<?> collection -> {
        json.writeStartArray();
        collection.forEach(item -> write(json, item));
        json.writeEndArray();
      }
      default -> writeText(json, value.toString());
    }
  }

  /** The generator takes text for well formed. */
  private static void writeText(JsonGenerator json, String text) {
    if (LONE_SURROGATE.matcher(text).find()) {
      String quoted = new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
      json.writeRawValue(
          '"'
              + LONE_SURROGATE
                  .matcher(quoted)
                  .replaceAll(half -> "\\\\u%04x".formatted((int) half.group().charAt(0)))
              + '"');
    } else {
      json.writeString(text);
    }
  }
}
