package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** docs/examples load, and complete.yaml has exactly the keys and defaults of the code. */
class ConfigurationExamplesTest {
  private static final Path DOCS = Path.of("../docs");
  private static final Path EXAMPLES = DOCS.resolve("examples");
  private static final YAMLMapper YAML = new YAMLMapper();

  /** A key so far from all others that the error names all that are known beside it. */
  private static final String STRANGE = "zzzzzzzzzzzzzzzzzzzzzzzz";

  private static final Pattern KNOWN = Pattern.compile(STRANGE + ": .*known here: (.*)");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void loads(Path example) throws Exception {
    String yaml = Files.readString(example);
    Configuration read = Configuration.read(example.toString(), yaml, variable -> null);
    assertThat(read.databases()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isNamedInTheDocs(Path example) throws IOException {
    assertThat(Files.readString(DOCS.resolve("configuration.md")))
        .contains("(examples/" + example.getFileName() + ")");
  }

  @Test
  void completeHasTheDefaults() throws Exception {
    Configuration defaults =
        read(
            """
            auth: none
            databases: {flights: {url: "postgresql://escala:secret@localhost/flights"}}
            topics: {departures: {table: flights.departures}}
            sources:
              - sqs:
                  queue: "https://sqs.eu-west-1.amazonaws.com/123456789012/departures"
                  topic: departures
              - sns:
                  topic-arn: "arn:aws:sns:eu-west-1:123456789012:departures"
                  topic: departures
              - kafka: {brokers: "localhost:9092", subscribe: departures}
            """);
    assertThat(read(Files.readString(EXAMPLES.resolve("complete.yaml")))).isEqualTo(defaults);
  }

  @Test
  void completeHasEveryKey() throws IOException {
    JsonNode complete = YAML.readTree(Files.readString(EXAMPLES.resolve("complete.yaml")));
    List<String> compared = new ArrayList<>();
    for (ObjectNode mapping : mappings(complete, "", compared)) {
      Set<String> written = new TreeSet<>(mapping.propertyNames());
      mapping.put(STRANGE, 1);
      assertThat(knownBeside(YAML.writeValueAsString(complete))).isEqualTo(written);
      mapping.remove(STRANGE);
    }
    assertThat(compared).hasSize(28);
  }

  @Test
  void authHasEveryKeyOfALock() throws IOException {
    JsonNode file = YAML.readTree(Files.readString(EXAMPLES.resolve("auth.yaml")));
    List<String> compared = new ArrayList<>();
    for (ObjectNode mapping : mappings(file.get("auth"), "/auth", compared)) {
      Set<String> written = new TreeSet<>(mapping.propertyNames());
      mapping.put(STRANGE, 1);
      assertThat(knownBeside(YAML.writeValueAsString(file))).isEqualTo(written);
      mapping.remove(STRANGE);
    }
    assertThat(compared).hasSize(6);
  }

  @Test
  void aSourceIsOfOneKind() {
    String file = "databases: {a: {url: 'postgresql://u@h/d'}}\nsources: [{%s: {}}]";
    assertThat(knownBeside(file.formatted(STRANGE))).containsExactly("kafka", "sns", "sqs");
    assertThat(knownBeside(file.formatted("kafka: {}, " + STRANGE))).containsExactly("kafka");
  }

  /** All mappings but those of which some keys exclude others, or are names of the user's. */
  private static List<ObjectNode> mappings(JsonNode node, String path, List<String> compared) {
    List<ObjectNode> found = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      if (!path.matches(
          "/databases|/topics|/sources|/auth/roles|/otlp/headers|/databases/[^/]+/relations|/topics/[^/]+/(rename|rollups)")) {
        found.add(object);
        compared.add(path);
      }
      object
          .properties()
          .forEach(
              member ->
                  found.addAll(
                      mappings(member.getValue(), path + "/" + member.getKey(), compared)));
    }
    if (node.isArray()) {
      node.forEach(item -> found.addAll(mappings(item, path, compared)));
    }
    return found;
  }

  private static Set<String> knownBeside(String yaml) {
    try {
      throw new AssertionError("accepted: " + read(yaml));
    } catch (ConfigurationException errors) {
      return KNOWN
          .matcher(String.valueOf(errors.getMessage()))
          .results()
          .map(match -> new TreeSet<>(List.of(match.group(1).split(", "))))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Configuration read(String yaml) throws ConfigurationException {
    return Configuration.read("example.yaml", yaml, variable -> null);
  }
}
