package dev.escala.model;

/** Why a message was rejected; the label {@code reason} of metrics and of dead letters. */
public enum ReasonCode {
  JSON_MALFORMED("json.malformed"),
  JSON_DUPLICATE_KEY("json.duplicate_key"),
  JSON_DEPTH("json.depth"),
  ENVELOPE_INVALID("envelope.invalid"),
  SCHEMA_VIOLATION("schema.violation"),
  FIELD_MISSING("field.missing"),
  FIELD_UNKNOWN("field.unknown"),
  FIELD_TYPE("field.type"),
  FIELD_RANGE("field.range"),
  FIELD_NUL("field.nul"),
  FIELD_TOO_LONG("field.too_long"),
  NUMBER_PRECISION("number.precision"),
  TIME_FORMAT("time.format"),
  ROW_CONSTRAINT("row.constraint"),
  ROW_DATA("row.data"),
  PAYLOAD_MISSING("payload.missing"),
  PAYLOAD_MALFORMED("payload.malformed"),
  PAYLOAD_SCHEMA_MISSING("payload.schema_missing"),
  PAYLOAD_TOO_LARGE("payload.too_large"),
  PAYLOAD_S3_DENIED("payload.s3_denied"),
  PAYLOAD_S3_MISSING("payload.s3_missing");

  private final String code;

  ReasonCode(String code) {
    this.code = code;
  }

  /** As it stands in dead letters, answers and metrics. */
  public String code() {
    return code;
  }
}
