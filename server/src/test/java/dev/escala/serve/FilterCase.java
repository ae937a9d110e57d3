package dev.escala.serve;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A condition of the dialect, and what it says of a row.
 *
 * @param key of the query parameter
 * @param value of the query parameter, not encoded yet
 * @param nested the same as a member of a logic tree
 */
record FilterCase(String key, String value, String nested, Function<Sample, TruthValue> says) {

  /** A filter whose value needs quotes only where it is nested. */
  static FilterCase filter(
      String field, String operator, String value, Function<Sample, TruthValue> says) {
    return new FilterCase(
        field,
        operator + "." + value,
        field + "." + operator + "." + (isPlain(value) ? value : quoted(value)),
        says);
  }

  /** A filter that is written the same everywhere. */
  static FilterCase constant(String field, String test, Function<Sample, TruthValue> says) {
    return new FilterCase(field, test, field + "." + test, says);
  }

  static FilterCase all(List<FilterCase> claims) {
    return group("and", claims, row -> fold(claims, row, TruthValue.TRUE));
  }

  static FilterCase any(List<FilterCase> claims) {
    return group(
        "or",
        claims,
        row ->
            claims.stream().map(claim -> claim.says(row)).reduce(TruthValue.FALSE, TruthValue::or));
  }

  private static TruthValue fold(List<FilterCase> claims, Sample row, TruthValue start) {
    return claims.stream().map(claim -> claim.says(row)).reduce(start, TruthValue::and);
  }

  private static FilterCase group(
      String word, List<FilterCase> claims, Function<Sample, TruthValue> says) {
    String members =
        claims.stream().map(FilterCase::nested).collect(Collectors.joining(",", "(", ")"));
    return new FilterCase(word, members, word + members, says);
  }

  FilterCase negated() {
    boolean group = key.equals("and") || key.equals("or");
    return new FilterCase(
        group ? "not." + key : key,
        group ? value : "not." + value,
        group ? "not." + nested : key + ".not." + nested.substring(key.length() + 1),
        row -> says(row).not());
  }

  TruthValue says(Sample row) {
    return says.apply(row);
  }

  /** Also an array without quotes or further braces stands for itself in a logic tree. */
  private static boolean isPlain(String value) {
    return value.matches("[\\p{Alnum}. -]+|\\{[\\p{Alnum},]*}");
  }

  /** A value in quotes, in which a backslash takes the next character as it is. */
  static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
