package dev.escala.query;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the result are wanted.
 *
 * @param offset of the first row
 * @param limit how many rows at most; null for all
 */
public record Page(long offset, @Nullable Long limit) {
  public static final Page ALL = new Page(0, null);

  private static final int MOST_CHARACTERS = 101;
  private static final Pattern INTEGER = Pattern.compile("-?0*(\\d+)");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})-(\\d{0,18})");

  /** Narrows the page to a {@code Range} header; anything that is not {@code n-m} is ignored. */
  public Page within(@Nullable String range) throws QueryRefused {
    if (range == null) {
      return this;
    }
    Matcher matcher = RANGE.matcher(range);
    if (!matcher.matches()) {
      return this;
    }
    long first = Long.parseLong(matcher.group(1));
    if (matcher.group(2).isEmpty()) {
      return from(Math.max(offset, first));
    }
    long last = Long.parseLong(matcher.group(2));
    if (last < first) {
      throw QueryRefused.range(
          "The lower boundary must be lower than or equal to the upper boundary in the Range"
              + " header.");
    }
    Page narrowed = from(Math.max(offset, first));
    long most = Math.max(0, last + 1 - narrowed.offset);
    Long left = narrowed.limit;
    return new Page(narrowed.offset, left == null ? most : Math.min(left, most));
  }

  /** The same page with no more rows than that. */
  public Page atMost(long rows) {
    boolean isLess = rows < (limit == null ? Long.MAX_VALUE : limit);
    return isLess ? new Page(offset, rows) : this;
  }

  private Page from(long first) {
    return new Page(first, limit == null ? null : Math.max(0, limit - (first - offset)));
  }

  static Page of(@Nullable String limit, @Nullable String offset) throws QueryRefused {
    Long parsedLimit = integer(limit);
    Long parsedOffset = integer(offset);
    if (parsedLimit != null && parsedLimit < 0) {
      throw QueryRefused.range("Limit should be greater than or equal to zero.");
    }
    return new Page(parsedOffset == null ? 0 : Math.max(0, parsedOffset), parsedLimit);
  }

  /**
   * The dialect ignores what is not an integer; one beyond 64 bits means as much as the largest.
   */
  private static @Nullable Long integer(@Nullable String text) {
    if (text == null || text.length() > MOST_CHARACTERS) {
      return null;
    }
    Matcher matcher = INTEGER.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String digits = matcher.group(1);
    long magnitude = digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    return text.startsWith("-") ? -magnitude : magnitude;
  }
}
