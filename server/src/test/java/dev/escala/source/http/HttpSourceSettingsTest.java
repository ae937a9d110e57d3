package dev.escala.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import org.junit.jupiter.api.Test;

class HttpSourceSettingsTest {

  private static HttpSourceSettings read(String yaml) throws ConfigurationException {
    return ConfigurationFile.read(
        "escala.yaml",
        yaml,
        name -> null,
        root -> HttpSourceSettings.read(root.section("publish")));
  }

  @Test
  void nothingHasToBeSaid() throws ConfigurationException {
    assertThat(read("publish: {}")).isEqualTo(HttpSourceSettings.DEFAULT);
  }

  @Test
  void everythingCanBeSaid() throws ConfigurationException {
    assertThat(
            read(
                "publish: {max-body: 1MiB, max-unpacked: 2MiB, max-items: 3,"
                    + " permits: {messages: 4, bytes: 5MiB}}"))
        .isEqualTo(new HttpSourceSettings(1 << 20, 2 << 20, 3, 4, 5 << 20));
  }

  @Test
  void sizesHaveBounds() {
    assertThatThrownBy(() -> read("publish: {max-body: 0, permits: {bytes: 0}}"))
        .hasMessageContaining("publish.max-body: must be from 1 byte")
        .hasMessageContaining("publish.permits.bytes: must be from 1 byte");
    assertThatThrownBy(() -> read("publish: {max-unpacked: 3GiB}"))
        .hasMessageContaining("publish.max-unpacked: must be from 1 byte");
  }
}
