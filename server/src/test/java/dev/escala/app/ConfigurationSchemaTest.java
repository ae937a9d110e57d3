package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.escala.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** docs/escala.schema.json says what the examples say, which are held to the code. */
class ConfigurationSchemaTest {
  private static final Path DOCS = Path.of("../docs");
  private static final JsonNode ROOT =
      JsonMapper.shared().readTree(DOCS.resolve("escala.schema.json"));
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(ROOT);

  private static JsonNode yaml(Path file) {
    return YAMLMapper.shared().readTree(file);
  }

  @ParameterizedTest
  @MethodSource("dev.escala.app.ConfigurationExamplesTest#examples")
  void acceptsEachExample(Path example) {
    assertThat(SCHEMA.validate(yaml(example))).isEmpty();
  }

  @Test
  void acceptsVariablesInEachPlace() {
    String yaml =
        """
        http: {port: "${PORT}"}
        databases:
          a: {url: "${URL}", timeout: "${T:5s}", sql: {enabled: "${SQL}", max-bytes: "${MAX}"}}
        log: {level: "${LEVEL:info}"}
        """;
    assertThat(SCHEMA.validate(YAMLMapper.shared().readTree(yaml))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "databases: {}",
        "databases: {a: {}}",
        "databases: {a: {url: 'postgresql://u@h/d', urls: y}}",
        "databases: {a: {url: 'postgresql://u@h/d', writers: 33}}",
        "databases: {a: {url: 'postgresql://u@h/d', writers: many}}",
        "databases: {a: {url: 'postgresql://u@h/d', timeout: 5}}",
        "databases: {a: {url: 'postgresql://u@h/d', sql: {enabled: yes}}}",
        "databases: {a: {url: 'postgresql://u@h/d', sql: {max-bytes: 8MB}}}",
        "databases: {a: {url: 'postgresql://u@h/d'}}\n"
            + "topics: {t: {table: a.b, columns: [{name: n}]}}",
        "databases: {a: {url: 'postgresql://u@h/d'}}\ntopics: {t: {table: a.b, nul: ignore}}",
        "databases: {a: {url: 'postgresql://u@h/d'}}\nsources: [{kafka: {}}]",
        "databases: {a: {url: 'postgresql://u@h/d'}}\nsources: [{}]",
        "databases: {a: {url: 'postgresql://u@h/d'}}\n"
            + "topics: {t: {table: a.b}}\n"
            + "sources: [{sns: {topic-arn: 'arn:aws:sns:eu-west-1:123456789012:a.fifo', topic:"
            + " t}}]",
        "databases: {a: {url: 'postgresql://u@h/d'}}\ntopics: {t: {table: a.b}}\n"
            + "sources: [{sns: {topic: t}}]",
        "databases: {a: {url: 'postgresql://u@h/d'}}\nsources: [{kinesis: {}}]",
        "databases: {a: {url: 'postgresql://u@h/d'}}\ntopics: {t: {table: a.t}}\n"
            + "sources: [{kafka: {brokers: 'k:9092', subscribe: t, start: now}}]",
        "databases: {a: {url: 'postgresql://u@h/d'}}\ntopics: {t: {table: a.t}}\nsources:\n"
            + "  - {sqs: {queue: 'https://q/1', topic: t}, kafka: {brokers: 'k:9', subscribe: t}}",
        "auth: yes\ndatabases: {a: {url: 'postgresql://u@h/d'}}",
        "auth: {anonymous: {role: a}, jwk: {}}\ndatabases: {a: {url: 'postgresql://u@h/d'}}",
        "auth: {anonymous: {role: a}, roles: {b: {may: [write]}}}\n"
            + "databases: {a: {url: 'postgresql://u@h/d'}}",
        "auth: {jwt: {jwks: 'http://a.example/keys'}}\n"
            + "databases: {a: {url: 'postgresql://u@h/d'}}"
      })
  void refusesWhatTheReadingRefuses(String yaml) {
    assertThat(errors(yaml)).isNotEmpty();
    assertThat(SCHEMA.validate(YAMLMapper.shared().readTree(yaml))).isNotEmpty();
  }

  private static List<String> errors(String yaml) {
    try {
      Configuration.read("escala.yaml", yaml, variable -> null);
      return List.of();
    } catch (ConfigurationException expected) {
      return expected.errors();
    }
  }

  @Test
  void hasTheKeysAndTheDefaultsOfTheCompleteFile() {
    compare("", ROOT, yaml(DOCS.resolve("examples/complete.yaml")));
  }

  @Test
  void hasTheKeysOfALock() {
    compare(
        "/auth",
        ROOT.at("/properties/auth/anyOf/1"),
        yaml(DOCS.resolve("examples/auth.yaml")).get("auth"));
  }

  @Test
  void hasTheKeysOfAnIndex() {
    compare(
        "/topics/bookings/indexes",
        ROOT.at("/properties/topics/additionalProperties/properties/indexes"),
        yaml(DOCS.resolve("examples/versions.yaml")).at("/topics/bookings/indexes"));
  }

  @Test
  void hasTheKeysOfARollup() {
    compare(
        "/topics/departures/rollups",
        ROOT.at("/properties/topics/additionalProperties/properties/rollups/additionalProperties"),
        yaml(DOCS.resolve("examples/rollups.yaml"))
            .at("/topics/departures/rollups/departures_hourly"));
  }

  private static void compare(String path, JsonNode schema, JsonNode written) {
    if (written.isObject()) {
      boolean free = schema.path("additionalProperties").isObject();
      if (!free) {
        assertThat(schema.path("properties").propertyNames())
            .as(path)
            .containsExactlyInAnyOrderElementsOf(written.propertyNames());
      }
      for (Map.Entry<String, JsonNode> member : written.properties()) {
        JsonNode next =
            free
                ? schema.get("additionalProperties")
                : schema.get("properties").get(member.getKey());
        compare(path + "/" + member.getKey(), next, member.getValue());
      }
    } else if (schema.path("items").has("properties") && !written.isEmpty()) {
      // The kinds of sources stand in items of their own.
      ObjectNode all = JsonMapper.shared().createObjectNode();
      written.forEach(item -> all.setAll((ObjectNode) item));
      compare(path + "[]", schema.get("items"), all);
    } else if (schema.has("default")) {
      JsonNode only = written.isArray() ? written.get(0) : written;
      assertThat(schema.get("default").asString()).as(path).isEqualTo(only.asString());
    }
  }

  /** The complete file has no columns of its own. */
  @Test
  void hasTheKeysOfADeclaredColumn() throws Exception {
    String yaml = Files.readString(DOCS.resolve("examples/declared-columns.yaml"));
    String strange = yaml.replace("{ name: leg,", "{ name: leg, zzzzzzzzzzzzzz: 1,");
    JsonNode column =
        ROOT.at("/properties/topics/additionalProperties/properties/columns/anyOf/1/items");

    assertThat(errors(strange))
        .singleElement()
        .asString()
        .endsWith("known here: " + String.join(", ", column.get("properties").propertyNames()));
  }
}
