package dev.escala.model;

import java.util.Locale;

/** The kinds of sources; the label {@code source} of metrics and the column {@code _source}. */
public enum SourceKind {
  SQS,
  SNS,
  KAFKA,
  HTTP,
  /** Loaded from a file, past all sources. */
  FILE;

  private final String label = name().toLowerCase(Locale.ROOT);

  public String label() {
    return label;
  }
}
