package dev.escala.query;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One statement that reads for many what another reads for one. */
public final class GatheredSql {
  /** A name or a text in quotes, in which nothing is a parameter; or the number of one. */
  private static final Pattern PARAMETER = Pattern.compile("\"[^\"]*+\"|'[^']*+'|\\$(\\d++)");

  private GatheredSql() {}

  /**
   * The text of such a statement. Each parameter is an array of texts, with the value of each
   * reader; of each row the last column tells the number of its reader, from 1.
   *
   * @param text as it is planned, with at least one parameter
   */
  public static String text(String text) {
    int[] parameters = new int[1];
    String ofOne =
        PARAMETER
            .matcher(text)
            .replaceAll(
                found -> {
                  String number = found.group(1);
                  if (number == null) {
                    return Matcher.quoteReplacement(found.group());
                  }
                  parameters[0] = Math.max(parameters[0], Integer.parseInt(number));
                  return "reader.p" + number;
                });
    // Of a subquery nobody knows while it is planned how many values it has: one plan fits all.
    return """
    SELECT one.*, reader.number::int4
    FROM unnest(%s) WITH ORDINALITY AS reader(%s, number) CROSS JOIN LATERAL (%s) AS one\
    """
        .formatted(each(parameters[0], "(SELECT $%d::text[])"), each(parameters[0], "p%d"), ofOne);
  }

  private static String each(int count, String form) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(form::formatted)
        .collect(Collectors.joining(", "));
  }
}
