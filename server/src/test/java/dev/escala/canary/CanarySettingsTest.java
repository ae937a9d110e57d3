package dev.escala.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanarySettingsTest {

  private static CanarySettings settings(String yaml) throws ConfigurationException {
    return ConfigurationFile.read(
        "test", yaml, variable -> null, root -> CanarySettings.read(root.section("canary")));
  }

  private static CanaryRoute route(String canary) throws ConfigurationException {
    return ConfigurationFile.read(
        "test", "canary: \"" + canary + "\"", variable -> null, CanaryRoute::read);
  }

  @Test
  void isOnUnlessSwitchedOff() throws ConfigurationException {
    assertThat(settings("canary: {}"))
        .isEqualTo(
            new CanarySettings(
                true, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofHours(1), null));
    assertThat(settings("canary: {enabled: false}").enabled()).isFalse();
  }

  @Test
  void aSecretIsLongAndNeverPrinted() throws ConfigurationException {
    assertThat(settings("canary: {secret: 0123456789abcdef}").toString())
        .doesNotContain("0123456789abcdef");
    assertThatThrownBy(() -> settings("canary: {secret: short}"))
        .hasMessageContaining("canary.secret: must have at least 16 characters")
        .hasMessageNotContaining("short");
  }

  @ParameterizedTest
  @CsvSource({"every,10ms", "patience,10ms", "keep,10s"})
  void whatIsTooShortIsRefused(String key, String value) {
    assertThatThrownBy(() -> settings("canary: {" + key + ": " + value + "}"))
        .hasMessageContaining("canary." + key + ": must be at least");
  }

  @ParameterizedTest
  @CsvSource({
    "'',UNSAID",
    "source,SOURCE",
    "http,HTTP",
    "off,OFF",
    "arn:aws:sns:eu-west-1:123456789012:departures,SNS",
    "arn:aws-cn:sns:cn-north-1:123456789012:departures.fifo,SNS",
    "https://sqs.eu-west-1.amazonaws.com/123456789012/departures,SQS",
    "http://localhost:9324/000000000000/departures,SQS"
  })
  void namesWhereMarkersGo(String text, CanaryRoute.To to) throws ConfigurationException {
    assertThat(route(text).to()).isEqualTo(to);
  }

  @ParameterizedTest
  @CsvSource({"on", "arn:aws:sqs:eu-west-1:123456789012:departures", "departures", "https://x"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> route(text))
        .hasMessageContaining("canary: must be source, http, off, the ARN of an SNS topic");
  }
}
