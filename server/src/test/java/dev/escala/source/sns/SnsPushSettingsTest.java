package dev.escala.source.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnsPushSettingsTest {
  private static final String OTHER = "arn:aws:sns:us-east-1:123456789012:departures";

  private static SnsPushSettings read(String yaml) throws ConfigurationException {
    return ConfigurationFile.read("test", yaml, variable -> null, SnsPushSettings::read);
  }

  @Test
  void theDefaultsAreStrict() throws ConfigurationException {
    assertThat(read("{topic-arn: \"%s\", topic: departures}".formatted(FakeSns.ARN)))
        .isEqualTo(
            new SnsPushSettings(
                List.of(FakeSns.ARN), "departures", null, 2, Duration.ofHours(2), true, false));
  }

  @Test
  void everythingCanBeSaid() throws ConfigurationException {
    assertThat(
            read(
                """
                topic-arn: ["%s", "%s"]
                topic: departures
                endpoint: http://localhost:4566
                min-signature-version: 1
                replay-window: 90m
                confirm: false
                raw: true
                """
                    .formatted(FakeSns.ARN, OTHER)))
        .isEqualTo(
            new SnsPushSettings(
                List.of(FakeSns.ARN, OTHER),
                "departures",
                URI.create("http://localhost:4566"),
                1,
                Duration.ofMinutes(90),
                false,
                true));
  }

  @Test
  void allErrorsAreTold() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    topic-arn: ["arn:aws:sns:eu-west-1:123456789012:a.fifo"]
                    endpoint: nowhere
                    min-signature-version: 3
                    """))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            errors ->
                assertThat(errors.errors())
                    .hasSize(4)
                    .anyMatch(error -> error.startsWith("topic-arn: must be the ARN"))
                    .anyMatch(error -> error.startsWith("topic: is missing"))
                    .anyMatch(error -> error.startsWith("endpoint: must be a URL"))
                    .anyMatch(error -> error.startsWith("min-signature-version: must be")));
    assertThatThrownBy(() -> read("topic: a")).hasMessageContaining("topic-arn: is missing");
  }
}
