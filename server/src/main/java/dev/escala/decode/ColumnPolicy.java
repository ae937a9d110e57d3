package dev.escala.decode;

import dev.escala.config.Section;

/** How values of a column are read. */
public record ColumnPolicy(Coerce coerce, Time time, Nul nul) {
  public static final ColumnPolicy STRICT = new ColumnPolicy(Coerce.STRICT, Time.ISO, Nul.REJECT);

  /** Whether a value of another JSON type may be converted where nothing is lost. */
  public enum Coerce {
    STRICT,
    LENIENT
  }

  /** How a point in time is written. */
  public enum Time {
    ISO,
    EPOCH_S,
    EPOCH_MS,
    EPOCH_US,
    EPOCH_NS
  }

  /** What happens to U+0000 and lone surrogates, which PostgreSQL cannot store. */
  public enum Nul {
    REJECT,
    STRIP,
    REPLACE
  }

  /** Reads {@code coerce}, {@code time-format} and {@code nul}. */
  static ColumnPolicy read(Section section, ColumnPolicy otherwise) {
    return new ColumnPolicy(
        section.choice("coerce", otherwise.coerce),
        section.choice("time-format", otherwise.time),
        section.choice("nul", otherwise.nul));
  }
}
