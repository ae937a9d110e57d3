package dev.escala.ops;

import dev.escala.config.Section;

/** The section {@code log}: how the server reports to people and programs. */
public record LogSettings(Format format, Level level) {

  /** {@code AUTO} is {@code CONSOLE} on a terminal and {@code JSON} elsewhere. */
  public enum Format {
    AUTO,
    CONSOLE,
    JSON
  }

  /** The least severe level that is written. */
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  public static LogSettings read(Section section) {
    return new LogSettings(
        section.choice("format", Format.AUTO), section.choice("level", Level.INFO));
  }
}
