package dev.escala.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a YAML text into a configuration record. */
public final class ConfigurationFile {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private ConfigurationFile() {}

  /**
   * Lets the reader take the record from the file's root section.
   *
   * @param name of the file, for the error message
   * @throws ConfigurationException with every error that the reader found, and every unknown key
   */
  public static <T> T read(
      String name,
      String yaml,
      Function<String, @Nullable String> environment,
      Function<Section, T> reader)
      throws ConfigurationException {
    List<String> errors = new ArrayList<>();
    Section root = new Section("", parse(name, yaml), new Section.Context(environment, errors));
    T configuration = reader.apply(root);
    root.rejectUnknownKeys();
    if (!errors.isEmpty()) {
      throw new ConfigurationException(name, errors);
    }
    return configuration;
  }

  private static JsonNode parse(String name, String yaml) throws ConfigurationException {
    try {
      JsonNode root = YAML.readTree(yaml);
      if (root.isMissingNode() || root.isNull()) {
        return YAML.createObjectNode();
      }
      if (!root.isObject()) {
        throw new ConfigurationException(name, List.of("the file must be a mapping of keys"));
      }
      return root;
    } catch (JacksonException malformed) {
      var location = malformed.getLocation();
      throw new ConfigurationException(
          name,
          List.of(
              "line %d, column %d: %s"
                  .formatted(
                      location.getLineNr(),
                      location.getColumnNr(),
                      malformed.getOriginalMessage())));
    }
  }
}
