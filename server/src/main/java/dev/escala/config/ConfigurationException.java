package dev.escala.config;

import java.util.List;

/** The configuration has errors: all of them, each with its path. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialized
  private final List<String> errors;

  public ConfigurationException(String file, List<String> errors) {
    super(
        file
            + " has "
            + errors.size()
            + (errors.size() == 1 ? " error:" : " errors:")
            + "\n  "
            + String.join("\n  ", errors));
    this.errors = List.copyOf(errors);
  }

  /** One sentence each, beginning with the path in the file. */
  public List<String> errors() {
    return errors;
  }
}
