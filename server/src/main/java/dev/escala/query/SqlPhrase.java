package dev.escala.query;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The significant tokens of one statement whose brackets pair, and where they do. */
final class SqlPhrase {
  private static final SqlToken NOTHING = new SqlToken(SqlToken.Kind.BLANK, "");
  private static final int NONE = -1;

  private final List<SqlToken> tokens;
  private final int[] closing;
  private final int[] opening;
  private final int[] enclosing;

  /** Some tokens that follow each other: from the first index to before the second. */
  record Span(int from, int to) {
    int size() {
      return to - from;
    }
  }

  SqlPhrase(List<SqlToken> tokens) {
    this.tokens = List.copyOf(tokens);
    closing = new int[tokens.size()];
    opening = new int[tokens.size()];
    enclosing = new int[tokens.size()];
    Arrays.fill(closing, NONE);
    Arrays.fill(opening, NONE);
    pair();
  }

  private void pair() {
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (at(i).is(")") || at(i).is("]")) {
        opening[i] = open.pop();
        closing[opening[i]] = i;
      }
      enclosing[i] = open.isEmpty() ? NONE : open.peek();
      if (at(i).is("(") || at(i).is("[")) {
        open.push(i);
      }
    }
  }

  int size() {
    return tokens.size();
  }

  /** The token, or one that is nothing in front of the first and behind the last. */
  SqlToken at(int index) {
    return index >= 0 && index < tokens.size() ? tokens.get(index) : NOTHING;
  }

  /** Where the bracket that opens at the index is closed. */
  int closing(int open) {
    return closing[open];
  }

  /** Where the bracket that closes at the index is opened. */
  int opening(int close) {
    return opening[close];
  }

  /** Where the bracket around the token opens; -1 if there is none. */
  int enclosing(int index) {
    return enclosing[index];
  }

  /** Whether the token stands in the brackets of this word, in no further ones. */
  boolean isIn(int index, String word) {
    return enclosing(index) != NONE && at(enclosing(index) - 1).isWord(word);
  }

  /** What stands between the brackets, parted by the commas that stand in no further ones. */
  List<Span> parts(int open) {
    List<Span> parts = new ArrayList<>();
    int from = open + 1;
    for (int i = from; i < closing(open); i = next(i)) {
      if (at(i).is(",")) {
        parts.add(new Span(from, i));
        from = i + 1;
      }
    }
    if (!parts.isEmpty() || from < closing(open)) {
      parts.add(new Span(from, closing(open)));
    }
    return parts;
  }

  /** The index behind the token, or behind the brackets that it opens. */
  int next(int index) {
    return closing[index] == NONE ? index + 1 : closing[index] + 1;
  }
}
