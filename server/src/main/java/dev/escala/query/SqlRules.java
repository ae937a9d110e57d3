package dev.escala.query;

import dev.escala.catalog.SqlNames;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the SQL endpoint runs: one statement that reads, of functions, operators and types that were
 * looked at. Writing itself is stopped by the READ ONLY transaction; docs/decisions 0015 says which
 * rule stops what, 0073 why there is a list.
 */
final class SqlRules {
  private static final Set<String> STARTS = Set.of("select", "with", "values", "table");

  /** One literal, or the value of one parameter. */
  private static final int MOST_OF_ONE = 16 << 10;

  /** All of them together: as much as a URL holds. */
  private static final int MOST_OF_ALL = 64 << 10;

  private static final int MOST_DIGITS = 100;

  private final List<SqlToken> tokens;
  private final Map<String, String> values;
  private final SqlNames names;

  /** Takes the significant tokens of one statement, without its semicolon. */
  SqlRules(List<SqlToken> tokens, Map<String, String> values, SqlNames names) {
    this.tokens = tokens;
    this.values = values;
    this.names = names;
  }

  void check() throws SqlRefused {
    checkShape();
    checkSizes();
    SqlPhrase phrase = new SqlPhrase(tokens);
    Constants constants = new Constants(phrase, values);
    TypeRules types = new TypeRules(phrase, names);
    CallRules calls = new CallRules(phrase, names, constants, types);
    OperatorRules operators = new OperatorRules(phrase, constants);
    for (int i = 0; i < tokens.size(); i++) {
      checkInto(i);
      types.check(i);
      operators.check(i);
      calls.check(i);
    }
  }

  /** What holds for any statement that is put into the brackets of another. */
  void checkShape() throws SqlRefused {
    checkStart();
    checkBrackets();
  }

  /** So that no constant is large enough to make a function slow. */
  private void checkSizes() throws SqlRefused {
    long all = 0;
    for (SqlToken token : tokens) {
      int characters =
          switch (token.kind()) {
            case STRING, NUMBER -> token.text().length();
            case PARAMETER -> values.getOrDefault(token.name(), "").length();
            case BLANK, COMMENT, WORD, QUOTED, OPERATOR, PUNCTUATION -> 0;
          };
      boolean isNumber = token.kind() == SqlToken.Kind.NUMBER;
      refuseAbove(isNumber ? MOST_DIGITS : MOST_OF_ONE, characters, "One value");
      all += characters;
    }
    refuseAbove(MOST_OF_ALL, all, "All values together");
  }

  private static void refuseAbove(long most, long characters, String what) throws SqlRefused {
    if (characters > most) {
      throw SqlRefused.rule(
          "%s of the SQL may have %,d characters, not %,d.".formatted(what, most, characters),
          "Ask for fewer values at once.");
    }
  }

  private void checkStart() throws SqlRefused {
    SqlToken first =
        tokens.stream().filter(token -> !token.is("(")).findFirst().orElse(tokens.getFirst());
    if (first.kind() != SqlToken.Kind.WORD || !STARTS.contains(first.name())) {
      throw SqlRefused.rule(
          "The SQL starts with " + first.text() + ", not with SELECT, WITH, VALUES or TABLE.",
          insteadOf(first.name()));
    }
  }

  private static String insteadOf(String word) {
    return switch (word) {
      case "insert", "update", "delete", "merge", "truncate", "create", "alter", "drop" ->
          "SQL over HTTP only reads; publish to a topic to write rows.";
      case "copy" -> "SELECT the rows and ask for them with &format=csv.";
      case "set", "reset", "discard", "begin", "start", "commit", "rollback", "savepoint" ->
          "Each request is a transaction of its own, with the settings of the server.";
      case "show" -> "Ask with SELECT current_setting('name').";
      case "explain" -> "Add &explain=text to the address of the query itself.";
      case "analyze", "vacuum" -> "Connect with psql to maintain tables.";
      case "do", "call", "execute", "prepare", "declare", "fetch" ->
          "Call a function that only reads with SELECT, or under /rpc/.";
      default -> "Send one query that reads, such as SELECT * FROM table LIMIT 10.";
    };
  }

  /** Text that closes more than it opens could leave the query that a server wraps around it. */
  private void checkBrackets() throws SqlRefused {
    Deque<String> open = new ArrayDeque<>();
    for (SqlToken token : tokens) {
      if (token.is("(") || token.is("[")) {
        open.push(token.is("(") ? ")" : "]");
      } else if ((token.is(")") || token.is("]")) && !token.text().equals(open.poll())) {
        throw notPaired(token.text() + " closes nothing.");
      }
    }
    if (!open.isEmpty()) {
      throw notPaired(open.peek() + " is missing.");
    }
  }

  private static SqlRefused notPaired(String what) {
    return SqlRefused.rule("A " + what, "Pair the brackets of the SQL.");
  }

  /** INTO is reserved: only as a label, or behind a point, is it a name. */
  private void checkInto(int index) throws SqlRefused {
    if (!tokens.get(index).isWord("into")) {
      return;
    }
    // The statement starts with another word, so there is a token before this one.
    SqlToken before = tokens.get(index - 1);
    if (!before.is(".") && !before.isWord("as")) {
      throw SqlRefused.rule(
          before.text() + " INTO writes, and SQL over HTTP only reads.",
          "Leave it out; publish to a topic to write rows.");
    }
  }
}
