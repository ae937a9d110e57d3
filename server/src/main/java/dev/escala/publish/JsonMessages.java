package dev.escala.publish;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;

/** The elements of an array, or values one after the other, each on one line. */
final class JsonMessages implements Messages {
  /** What is no number stays what it is: the topic says what becomes of it. */
  static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private final JsonParser parser;
  private boolean begun;
  private boolean inArray;

  JsonMessages(InputStream input) {
    parser = JSON.createParser(ObjectReadContext.empty(), input);
  }

  @Override
  public @Nullable String next() throws IOException, FileRefused {
    try {
      return message();
    } catch (JacksonIOException unreadable) {
      throw unreadable.getCause();
    } catch (JacksonException malformed) {
      var where = malformed.getLocation();
      throw new FileRefused(
          "is not well-formed JSON at line %d, column %d: %s"
              .formatted(
                  where == null ? 0 : where.getLineNr(),
                  where == null ? 0 : where.getColumnNr(),
                  malformed.getOriginalMessage()));
    }
  }

  private @Nullable String message() throws FileRefused {
    JsonToken token = parser.nextToken();
    boolean first = !begun;
    begun = true;
    if (first && token == JsonToken.START_ARRAY) {
      inArray = true;
      token = parser.nextToken();
    }
    if (inArray && token == JsonToken.END_ARRAY) {
      inArray = false;
      token = parser.nextToken();
      if (token != null) {
        throw refused("goes on behind its array");
      }
    }
    if (token == null) {
      return null;
    }
    if (first && token != JsonToken.START_OBJECT) {
      throw refused("has no objects, and a message is one");
    }
    return copied();
  }

  private FileRefused refused(String what) {
    return new FileRefused(what + ", at line " + parser.currentTokenLocation().getLineNr());
  }

  /** With the digits of its numbers as they are. */
  private String copied() {
    StringWriter text = new StringWriter();
    try (JsonGenerator writer = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      writer.copyCurrentStructureExact(parser);
    }
    return text.toString();
  }
}
