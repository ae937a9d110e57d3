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
record Claim(String key, String value, String nested, Function<Sample, Truth> says) {

  /** A filter whose value needs quotes only where it is nested. */
  static Claim filter(String field, String operator, String value, Function<Sample, Truth> says) {
    return new Claim(
        field,
        operator + "." + value,
        field + "." + operator + "." + (isPlain(value) ? value : quoted(value)),
        says);
  }

  /** A filter that is written the same everywhere. */
  static Claim constant(String field, String test, Function<Sample, Truth> says) {
    return new Claim(field, test, field + "." + test, says);
  }

  static Claim all(List<Claim> claims) {
    return group("and", claims, row -> fold(claims, row, Truth.TRUE));
  }

  static Claim any(List<Claim> claims) {
    return group(
        "or",
        claims,
        row -> claims.stream().map(claim -> claim.says(row)).reduce(Truth.FALSE, Truth::or));
  }

  private static Truth fold(List<Claim> claims, Sample row, Truth start) {
    return claims.stream().map(claim -> claim.says(row)).reduce(start, Truth::and);
  }

  private static Claim group(String word, List<Claim> claims, Function<Sample, Truth> says) {
    String members = claims.stream().map(Claim::nested).collect(Collectors.joining(",", "(", ")"));
    return new Claim(word, members, word + members, says);
  }

  Claim negated() {
    boolean group = key.equals("and") || key.equals("or");
    return new Claim(
        group ? "not." + key : key,
        group ? value : "not." + value,
        group ? "not." + nested : key + ".not." + nested.substring(key.length() + 1),
        row -> says(row).not());
  }

  Truth says(Sample row) {
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
