package dev.escala.decode;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;

/** Settings of a topic as a person writes them. */
public final class Settings {

  private Settings() {}

  /** Of the topic {@code flights} into the table {@code db.flights}, with more lines of YAML. */
  public static TopicSettings flights(String... lines) {
    try {
      return read("table: db.flights\n" + String.join("\n", lines));
    } catch (ConfigurationException wrong) {
      throw new AssertionError(wrong);
    }
  }

  static TopicSettings read(String yaml) throws ConfigurationException {
    return ConfigurationFile.read(
        "test.yaml", yaml, name -> null, section -> TopicSettings.read("flights", section));
  }
}
