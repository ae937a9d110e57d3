package dev.escala.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.source.kafka.KafkaSecurity.Login;
import dev.escala.source.kafka.KafkaSecurity.Mechanism;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {
  private static List<KafkaSettings> read(String yaml) throws ConfigurationException {
    return ConfigurationFile.read(
        "escala.yaml", yaml, ignored -> null, root -> KafkaSettings.read(root.section("kafka")));
  }

  private static List<String> errors(String yaml) {
    return catchThrowableOfType(ConfigurationException.class, () -> read(yaml)).errors();
  }

  @Test
  void brokersAndATopicAreEnough() throws ConfigurationException {
    assertThat(read("kafka: { brokers: 'kafka-1:9092', subscribe: departures }"))
        .containsExactly(KafkaSettings.of("kafka-1:9092", "departures"));
  }

  @Test
  void withoutATopicEachGoesToItsOwn() throws ConfigurationException {
    List<KafkaSettings> read = read("kafka: { brokers: 'a:1,[::1]:2', subscribe: [one, two] }");

    assertThat(read).extracting(KafkaSettings::topic).containsExactly("one", "two");
    assertThat(read)
        .extracting(KafkaSettings::subscribe)
        .containsExactly(List.of("one"), List.of("two"));
    assertThat(read.getFirst().brokers()).containsExactly("a:1", "[::1]:2");
  }

  @Test
  void everythingCanBeSaid(@TempDir Path folder) throws Exception {
    Path authority = Files.writeString(folder.resolve("ca.pem"), "CA");
    Path certificate = Files.writeString(folder.resolve("client.pem"), "CLIENT");
    Path key = Files.writeString(folder.resolve("client.key"), "KEY");

    KafkaSettings read =
        read("""
        kafka:
          brokers: ["kafka-1:9093", "kafka-2:9093"]
          pattern: ops\\..*
          topic: departures
          group: flights
          start: latest
          tls: true
          ca: %s
          certificate: %s
          key: %s
          sasl: { mechanism: scram-sha-256, username: escala, password: 'a"b\\c' }
          permits: { messages: 50, bytes: 2MiB }
        """
                .formatted(authority, certificate, key))
            .getFirst();

    assertThat(read)
        .isEqualTo(
            new KafkaSettings(
                List.of("kafka-1:9093", "kafka-2:9093"),
                List.of(),
                "ops\\..*",
                "departures",
                "flights",
                KafkaSettings.Start.LATEST,
                new KafkaSecurity(
                    true,
                    "CA",
                    "CLIENT",
                    "KEY",
                    new Login(Mechanism.SCRAM_SHA_256, "escala", "a\"b\\c")),
                new KafkaSettings.Limits(50, 2 << 20),
                ValueFormat.JSON));
    assertThat(read.reads("ops.gates")).isTrue();
    assertThat(read.reads("my.ops.gates")).isFalse();
    assertThat(read.security().properties())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("ssl.truststore.type", "PEM")
        .containsEntry("ssl.keystore.key", new Password("KEY"))
        .containsEntry("sasl.mechanism", "SCRAM-SHA-256")
        .containsEntry(
            "sasl.jaas.config",
            new Password(
                "org.apache.kafka.common.security.scram.ScramLoginModule required"
                    + " username=\"escala\" password=\"a\\\"b\\\\c\";"));
    assertThat(read.toString()).doesNotContain("a\"b", "KEY", "CLIENT").contains("SASL_SSL");
    assertThat(String.valueOf(read.security().login())).doesNotContain("a\"b").contains("escala");
  }

  @Test
  void allErrorsAreToldAtOnce() {
    assertThat(
            errors(
                """
                kafka:
                  brokers: kafka
                  pattern: "("
                  subscribe: [a]
                  start: now
                  ca: /missing/ca.pem
                  key: /missing/key.pem
                  sasl: { mechanism: plain, username: u }
                  permits: { messages: 0, bytes: 0 }
                """))
        .containsExactlyInAnyOrder(
            "kafka.pattern: stands beside subscribe; only one of them says what is read",
            "kafka.pattern: is no regular expression of Java: Unclosed group",
            "kafka.brokers: must be host:port, such as kafka-1:9092, not kafka",
            "kafka.start: must be one of earliest, latest, not now",
            "kafka.ca: cannot be read: /missing/ca.pem",
            "kafka.key: cannot be read: /missing/key.pem",
            "kafka.sasl.mechanism: must not be plain without tls: true, which hides the password",
            "kafka.sasl.password: is missing",
            "kafka.permits.messages: must be a whole number from 1 to 1000000, not 0",
            "kafka.permits.bytes: must be at least 1");
  }

  @Test
  void valuesMayBeAvro(@TempDir Path folder) throws Exception {
    Path schema = Files.writeString(folder.resolve("a.avsc"), "\"int\"");
    String kafka = "kafka: { brokers: 'a:1', subscribe: a, format: %s, %s }";

    assertThat(read(kafka.formatted("avro", "schema: " + schema)).getFirst().format())
        .isEqualTo(new ValueFormat.AvroBySchema("\"int\""));
    String registry = "schema-registry: {url: 'https://r/x/', username: u, password: secret}";
    ValueFormat read = read(kafka.formatted("auto", registry)).getFirst().format();
    assertThat(read)
        .isEqualTo(
            new ValueFormat.AvroByRegistry(
                new RegistrySettings(
                    URI.create("https://r/x"), new RegistrySettings.Login("u", "secret")),
                true));
    assertThat(read.toString()).doesNotContain("secret");

    assertThat(errors(kafka.formatted("json", "schema: " + schema)))
        .containsExactly(
            "kafka.format: must be avro or auto where there is a schema or a registry");
    assertThat(errors(kafka.formatted("avro", "schema: ''")))
        .containsExactly(
            "kafka.format: avro needs one of schema and schema-registry.url: where schemas come"
                + " from");
    assertThat(errors(kafka.formatted("auto", "schema: " + schema)))
        .containsExactly(
            "kafka.format: auto needs schema-registry.url: plain Avro cannot be told from JSON");
    assertThat(errors(kafka.formatted("avro", "schema: /missing.avsc")))
        .containsExactly("kafka.schema: cannot be read: /missing.avsc");
    Files.writeString(schema, "{\"type\":\"rekord\"}");
    assertThat(errors(kafka.formatted("avro", "schema: " + schema)))
        .singleElement()
        .asString()
        .startsWith("kafka.schema: is no schema of Avro");
  }

  @Test
  void aPasswordOfARegistryIsNotSentInClearText() throws ConfigurationException {
    String kafka = "kafka: { brokers: 'a:1', subscribe: a, format: avro, schema-registry: {%s} }";

    assertThat(errors(kafka.formatted("url: 'http://r', username: u, password: p")))
        .containsExactly(
            "kafka.schema-registry.url: must be https where there is a password, which it hides");
    assertThat(errors(kafka.formatted("url: 'https://u:p@r', username: u")))
        .containsExactly(
            "kafka.schema-registry.username: and password belong together",
            "kafka.schema-registry.url: has a host and a path alone; username and password stand"
                + " beside it");
    assertThat(read(kafka.formatted("url: 'http://localhost:1', username: u, password: p")))
        .hasSize(1);
    assertThat(read(kafka.formatted("url: 'http://r'"))).hasSize(1);
  }

  @Test
  void whatIsReadAndWhereItGoesMustBeSaid(@TempDir Path folder) throws IOException {
    assertThat(errors("kafka: {}"))
        .containsExactlyInAnyOrder(
            "kafka.brokers: is missing",
            "kafka.subscribe: is missing: the topics to read, or a pattern of their names");
    assertThat(errors("kafka: { brokers: 'a:1', pattern: 'a.*' }"))
        .containsExactly(
            "kafka.topic: is missing: it says where the topics that fit the pattern go");
    Path authority = Files.writeString(folder.resolve("ca.pem"), "CA");
    assertThat(errors("kafka: { brokers: 'a:1', subscribe: a, ca: %s }".formatted(authority)))
        .containsExactly("kafka.tls: must be true where there are certificates");
  }
}
