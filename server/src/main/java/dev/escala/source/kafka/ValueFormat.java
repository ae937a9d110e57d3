package dev.escala.source.kafka;

import dev.escala.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the values of records are. */
public sealed interface ValueFormat {
  /** Text in JSON, as everywhere else. */
  ValueFormat JSON = new Json();

  /** Values are taken as they are. */
  record Json() implements ValueFormat {}

  /**
   * Avro, plain or as a single object, all by one schema.
   *
   * @param schema as JSON
   */
  record AvroBySchema(String schema) implements ValueFormat {}

  /**
   * Avro behind the id of a schema.
   *
   * @param orJson whether a value without such an id is JSON
   */
  record AvroByRegistry(RegistrySettings registry, boolean orJson) implements ValueFormat {}

  /** The words of the configuration. */
  enum Word {
    JSON,
    AVRO,
    /** Each value says itself what it is. */
    AUTO
  }

  /** Reads {@code format}, {@code schema} and {@code schema-registry} of a source. */
  static ValueFormat read(Section section) {
    Word word = section.choice("format", Word.JSON);
    Optional<Path> schema = section.file("schema");
    Optional<RegistrySettings> registry = RegistrySettings.read(section.section("schema-registry"));
    if (word == Word.JSON) {
      if (schema.isPresent() || registry.isPresent()) {
        section.reject("format", "must be avro or auto where there is a schema or a registry");
      }
      return JSON;
    }
    if (schema.isPresent() == registry.isPresent()) {
      section.reject(
          "format", "avro needs one of schema and schema-registry.url: where schemas come from");
      return JSON;
    }
    if (registry.isPresent()) {
      return new AvroByRegistry(registry.get(), word == Word.AUTO);
    }
    if (word == Word.AUTO) {
      section.reject(
          "format", "auto needs schema-registry.url: plain Avro cannot be told from JSON");
    }
    return bySchema(section, schema.get());
  }

  private static ValueFormat bySchema(Section section, Path file) {
    try {
      String schema = Files.readString(file);
      var _ = AvroValues.of(schema);
      return new AvroBySchema(schema);
    } catch (IOException unreadable) {
      section.reject("schema", "cannot be read: " + file);
    } catch (RuntimeException malformed) {
      // Not all that Avro throws at what is no schema is of its own.
      section.reject("schema", "is no schema of Avro: " + malformed.getMessage());
    }
    return JSON;
  }
}
