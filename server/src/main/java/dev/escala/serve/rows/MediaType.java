package dev.escala.serve.rows;

/** In which form rows go out. */
public enum MediaType {
  JSON("application/json; charset=utf-8"),
  STRIPPED_ARRAY("application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8"),
  OBJECT("application/vnd.pgrst.object+json; charset=utf-8"),
  STRIPPED_OBJECT("application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8"),
  NDJSON("application/x-ndjson; charset=utf-8"),
  CSV("text/csv; charset=utf-8"),
  ARROW("application/vnd.apache.arrow.stream"),
  PARQUET("application/vnd.apache.parquet");

  private static final String CHARSET = "; charset=utf-8";

  private final String header;

  MediaType(String header) {
    this.header = header;
  }

  public String header() {
    return header;
  }

  /** Without the charset. */
  String type() {
    return header.replace(CHARSET, "");
  }

  /** Exactly one row, without an array around it. */
  public boolean isSingle() {
    return this == OBJECT || this == STRIPPED_OBJECT;
  }

  /** Typed values column by column, and no text. */
  public boolean isColumnar() {
    return this == ARROW || this == PARQUET;
  }

  public boolean isStripped() {
    return this == STRIPPED_ARRAY || this == STRIPPED_OBJECT;
  }
}
