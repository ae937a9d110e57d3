package dev.escala.decode.schema;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.regex.Pattern;

/** A regular expression of a schema, in the dialect of Java, that ends whatever it looks at. */
final class BoundedPattern implements RegularExpression {
  private final Pattern pattern;

  private BoundedPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * With {@code $} as the very end, as JSON Schema has it.
   *
   * @throws java.util.regex.PatternSyntaxException if it is none
   */
  static BoundedPattern of(String expression) {
    return new BoundedPattern(
        Pattern.compile(
            RegularExpressions.replaceLongformCharacterProperties(
                RegularExpressions.replaceDollarAnchors(expression))));
  }

  /** Whether it is found anywhere; false where the budget of the message is spent. */
  @Override
  public boolean matches(String value) {
    MatchBudget budget = MatchBudget.CURRENT.get();
    if (budget.isSpent()) {
      return false;
    }
    try {
      return pattern.matcher(new Counted(value, 0, value.length(), budget)).find();
    } catch (MatchBudget.Spent spent) {
      return false;
    } catch (StackOverflowError tooDeep) { // a group is repeated by a call for each time
      budget.end();
      return false;
    }
  }

  /** A text whose reading is counted. */
  private record Counted(String text, int from, int to, MatchBudget budget)
      implements CharSequence {
    @Override
    public int length() {
      return to - from;
    }

    @Override
    public char charAt(int index) {
      budget.take();
      return text.charAt(from + index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text, from + start, from + end, budget);
    }

    @Override
    public String toString() {
      return text.substring(from, to);
    }
  }
}
