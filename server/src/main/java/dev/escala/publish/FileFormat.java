package dev.escala.publish;

/** How messages stand in a file. */
public enum FileFormat {
  /** One a line, each for itself. */
  NDJSON,
  /** The elements of an array, or values one after the other, on as many lines as they like. */
  JSON,
  /** A row each, below a line with names. */
  CSV,
  /** Rows of Apache Parquet. */
  PARQUET
}
