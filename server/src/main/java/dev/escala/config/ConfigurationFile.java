package dev.escala.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
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
   * @param name of the file, beside which others that it names stand
   * @throws ConfigurationException with every error that the reader found, and every unknown key
   */
  public static <T> T read(
      String name,
      String yaml,
      Function<String, @Nullable String> environment,
      Function<Section, T> reader)
      throws ConfigurationException {
    Errors errors = new Errors();
    Section.Context context = new Section.Context(Path.of(name), environment, errors);
    JsonNode node = mapping(name, parsed(name, () -> YAML.readTree(yaml)));
    T configuration = read(new Section("", node, context), reader);
    errors.end(name);
    return configuration;
  }

  /**
   * Reads a file of several documents, divided by {@code ---}, without an environment.
   *
   * @throws ConfigurationException with every error in any of them
   */
  public static <T> List<T> readAll(String name, String yaml, Function<Section, T> reader)
      throws ConfigurationException {
    Errors errors = new Errors();
    Section.Context context = new Section.Context(Path.of(name), variable -> null, errors);
    List<JsonNode> documents =
        parsed(name, () -> YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll());
    List<T> read = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      String path = documents.size() == 1 ? "" : "document " + (i + 1);
      read.add(read(new Section(path, mapping(name, documents.get(i)), context), reader));
    }
    errors.end(name);
    return read;
  }

  private static <T> T read(Section root, Function<Section, T> reader) {
    T configuration = reader.apply(root);
    root.rejectUnknownKeys();
    return configuration;
  }

  private static JsonNode mapping(String name, JsonNode root) throws ConfigurationException {
    if (root.isMissingNode() || root.isNull()) {
      return YAML.createObjectNode();
    }
    if (!root.isObject()) {
      throw new ConfigurationException(name, List.of("the file must be a mapping of keys"));
    }
    return root;
  }

  private static <N> N parsed(String name, Supplier<N> parser) throws ConfigurationException {
    try {
      return parser.get();
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
