package dev.escala.query;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * What the SQL endpoint runs: one statement that reads, without functions that have effects or that
 * run SQL which nobody saw. Writing itself is stopped by the READ ONLY transaction; docs/decisions
 * 0015 says which rule stops what.
 */
final class SqlRules {
  private static final Set<String> STARTS = Set.of("select", "with", "values", "table");

  /**
   * Volatile because they answer anew each time; the limits of the statement bound what they cost.
   */
  private static final Set<String> HARMLESS =
      Set.of(
          // Chance and clock
          "random",
          "random_normal",
          "array_sample",
          "array_shuffle",
          "gen_random_uuid",
          "uuidv4",
          "uuidv7",
          "clock_timestamp",
          "timeofday",
          // No dearer than a slow join, and ended by the same time limit
          "pg_sleep",
          "pg_sleep_for",
          "pg_sleep_until",
          // Read the sizes of files, of relations whose names everybody may know
          "pg_relation_size",
          "pg_table_size",
          "pg_indexes_size",
          "pg_total_relation_size",
          "pg_database_size",
          // Methods of TABLESAMPLE, not functions that a query could call
          "bernoulli",
          "system",
          "system_rows",
          "system_time");

  /** Not volatile in pg_proc, and yet more than a look at some values. */
  private static final Set<String> HIDDEN =
      Set.of(
          // Whole tables behind one row: no row limit, no estimate of the cost
          "table_to_xml",
          "table_to_xmlschema",
          "table_to_xml_and_xmlschema",
          "schema_to_xml",
          "schema_to_xmlschema",
          "schema_to_xml_and_xmlschema",
          "database_to_xml",
          "database_to_xmlschema",
          "database_to_xml_and_xmlschema",
          // SQL in a text, run as it stands (extensions tablefunc and xml2)
          "crosstab",
          "crosstab2",
          "crosstab3",
          "crosstab4",
          "connectby",
          "xpath_table",
          // Use up a transaction number, also in a READ ONLY transaction
          "pg_current_xact_id",
          "txid_current");

  private final List<SqlToken> tokens;
  private final Set<String> volatileFunctions;

  /** Takes the significant tokens of one statement, without its semicolon. */
  SqlRules(List<SqlToken> tokens, Set<String> volatileFunctions) {
    this.tokens = tokens;
    this.volatileFunctions = volatileFunctions;
  }

  void check() throws SqlRefused {
    checkStart();
    checkBrackets();
    for (int i = 0; i < tokens.size(); i++) {
      checkInto(i);
      if (i + 1 < tokens.size() && tokens.get(i).isName() && tokens.get(i + 1).is("(")) {
        checkCall(i);
      }
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
      case "explain", "analyze", "vacuum" -> "Connect with psql to look at plans or to maintain.";
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

  private void checkCall(int index) throws SqlRefused {
    SqlToken function = tokens.get(index);
    String name = function.name();
    if (function.isWord("treat")) {
      // PostgreSQL makes TREAT(x AS f) a call of pg_catalog.f(x), whatever f is.
      throw SqlRefused.rule("TREAT is not allowed.", "Cast with CAST(value AS type).");
    }
    if (HIDDEN.contains(name)) {
      throw SqlRefused.rule(
          "The function " + name + " is not allowed.",
          "It does more than it shows to the limits of the server: write the query itself.");
    }
    if (volatileFunctions.contains(name) && !isHarmless(index)) {
      throw SqlRefused.rule(
          "The function " + name + " is not allowed: it is VOLATILE, so it may have effects.",
          "If it is yours and only reads, declare it: ALTER FUNCTION " + name + " STABLE.");
    }
  }

  /** In another schema than PostgreSQL's own, a harmless name is somebody else's function. */
  private boolean isHarmless(int index) {
    boolean qualified = index >= 2 && tokens.get(index - 1).is(".");
    return HARMLESS.contains(tokens.get(index).name())
        && (!qualified || tokens.get(index - 2).name().equals("pg_catalog"));
  }
}
