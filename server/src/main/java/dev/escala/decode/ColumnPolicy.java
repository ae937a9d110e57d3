package dev.escala.decode;

import dev.escala.config.Section;

/** How values of a column are read. */
public record ColumnPolicy(Coerce coerce, Time time, Nul nul, NonFinite nonFinite, Widen widen) {
  public static final ColumnPolicy STRICT =
      new ColumnPolicy(Coerce.STRICT, Time.ISO, Nul.REJECT, NonFinite.REJECT, Widen.TEXT);

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

  /** What happens to NaN and infinities, which some producers write though JSON has no such. */
  public enum NonFinite {
    REJECT,
    /** As if the field were null. */
    OMIT
  }

  /** What happens to a value that the type of its column, which inference found, does not hold. */
  public enum Widen {
    /** The column becomes one that holds both, a text at the widest; nothing is rejected for it. */
    TEXT,
    /** Only numbers become wider ones. */
    REJECT
  }

  /** The same for a column whose type is declared. */
  ColumnPolicy asDeclared() {
    return new ColumnPolicy(coerce, time, nul, nonFinite, Widen.REJECT);
  }

  /** Reads {@code coerce}, {@code time-format}, {@code nul}, {@code non-finite}, {@code widen}. */
  static ColumnPolicy read(Section section, ColumnPolicy otherwise) {
    return new ColumnPolicy(
        section.choice("coerce", otherwise.coerce),
        section.choice("time-format", otherwise.time),
        section.choice("nul", otherwise.nul),
        section.choice("non-finite", otherwise.nonFinite),
        section.choice("widen", otherwise.widen));
  }
}
