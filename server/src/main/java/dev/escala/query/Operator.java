package dev.escala.query;

/** The operators that take one value. */
public enum Operator {
  EQ("eq", "=", true),
  NEQ("neq", "<>", false),
  GT("gt", ">", true),
  GTE("gte", ">=", true),
  LT("lt", "<", true),
  LTE("lte", "<=", true),
  LIKE("like", "LIKE", true),
  ILIKE("ilike", "ILIKE", true),
  MATCH("match", "~", true),
  IMATCH("imatch", "~*", true),
  CS("cs", "@>", false),
  CD("cd", "<@", false),
  OV("ov", "&&", false),
  SL("sl", "<<", false),
  SR("sr", ">>", false),
  NXR("nxr", "&<", false),
  NXL("nxl", "&>", false),
  ADJ("adj", "-|-", false);

  private final String word;
  private final String sql;
  private final boolean quantifiable;

  Operator(String word, String sql, boolean quantifiable) {
    this.word = word;
    this.sql = sql;
    this.quantifiable = quantifiable;
  }

  String word() {
    return word;
  }

  String sql() {
    return sql;
  }

  /** Whether {@code (any)} and {@code (all)} may follow. */
  boolean quantifiable() {
    return quantifiable;
  }

  /** {@code *} stands for {@code %} in the value. */
  boolean isLike() {
    return this == LIKE || this == ILIKE;
  }

  /** The value is a pattern, of type text whatever the column's type. */
  boolean isPattern() {
    return isLike() || this == MATCH || this == IMATCH;
  }
}
