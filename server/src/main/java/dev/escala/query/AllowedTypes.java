package dev.escala.query;

import java.util.Set;

/**
 * The types of PostgreSQL to which SQL over HTTP may cast. Reading a value of them from its text
 * looks at each character once. Missing are geometry, XML, text search and paths of JSON, whose
 * operators and casts can take a square of their operands' length without looking for a cancel; bit
 * strings and money, which nobody needs here; and the names of what is in the catalog.
 */
final class AllowedTypes {
  private static final Set<String> NAMES =
      Set.of(
          // Truth and numbers
          "bool",
          "boolean",
          "int",
          "integer",
          "smallint",
          "bigint",
          "int2",
          "int4",
          "int8",
          "real",
          "double",
          "float",
          "float4",
          "float8",
          "numeric",
          "decimal",
          "dec",
          "oid",
          // Texts
          "text",
          "varchar",
          "char",
          "bpchar",
          "character",
          "name",
          "bytea",
          // Times
          "date",
          "time",
          "timetz",
          "timestamp",
          "timestamptz",
          "interval",
          // What is one value, and is read as one
          "uuid",
          "json",
          "jsonb",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8");

  /** The last words of types that are written in several. */
  private static final Set<String> LAST_WORDS = Set.of("precision", "varying", "zone");

  private AllowedTypes() {}

  static boolean contains(String name) {
    return NAMES.contains(name);
  }

  static boolean endsOne(String word) {
    return LAST_WORDS.contains(word);
  }

  static Set<String> all() {
    return NAMES;
  }
}
