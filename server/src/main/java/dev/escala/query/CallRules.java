package dev.escala.query;

import dev.escala.catalog.SqlNames;
import dev.escala.model.Suggestion;
import dev.escala.query.SqlPhrase.Span;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands before a bracket, against the list of functions. */
final class CallRules {
  private static final int MOST_PADDED = 10_000;
  private static final int MOST_REPEATED = 1_000_000;
  private static final int MOST_TEMPLATE = 100;

  /** {@code %s}, {@code %1$s}. */
  private static final Pattern WITHOUT_WIDTH = Pattern.compile("([0-9]{1,2}\\$)?[sIL]|%");

  /** Words of the grammar that a function might have for a name, too. */
  static final Set<String> ALSO_NAMES =
      Set.of(
          "by",
          "cube",
          "escape",
          "filter",
          "ilike",
          "join",
          "like",
          "materialized",
          "over",
          "overlaps",
          "repeatable",
          "rollup",
          "sets",
          "varying",
          "zone");

  private final SqlPhrase phrase;
  private final SqlNames names;
  private final Constants constants;
  private final TypeRules types;

  CallRules(SqlPhrase phrase, SqlNames names, Constants constants, TypeRules types) {
    this.phrase = phrase;
    this.names = names;
    this.constants = constants;
    this.types = types;
  }

  void check(int index) throws SqlRefused {
    if (!phrase.at(index).isName()) {
      return;
    }
    if (phrase.at(index + 1).is("(")) {
      checkCall(index);
    } else if (phrase.at(index - 1).is(".")) {
      checkAttribute(phrase.at(index).name());
    }
  }

  /** {@code ('/etc/passwd').pg_read_file}: behind a point a function is called like a column. */
  private void checkAttribute(String name) throws SqlRefused {
    boolean known =
        AllowedFunctions.of(name).isPresent()
            || AllowedTypes.contains(name)
            || names.functions().contains(name)
            || names.types().contains(name);
    if (!known && (names.attributes().contains(name) || names.volatileFunctions().contains(name))) {
      throw SqlRefused.rule(
          "The function " + name + " is not allowed behind a point either.",
          "If " + name + " is a column, write it without the name of its table.");
    }
  }

  private void checkCall(int index) throws SqlRefused {
    if (types.isTypeWithLength(index) || types.isColumnList(index + 1) || isHeadOfCte(index)) {
      return;
    }
    SqlToken token = phrase.at(index);
    boolean qualified = phrase.at(index - 1).is(".");
    if (qualified) {
      checkFunction(index, phrase.at(index - 2).name());
    } else if (token.kind() == SqlToken.Kind.WORD && AllowedFunctions.isConstruct(token.name())) {
      checkConstruct(index, token.name());
    } else {
      checkFunction(index, "");
    }
  }

  /** {@code WITH name (column, …) AS (SELECT …}: nothing else goes on like that. */
  private boolean isHeadOfCte(int index) {
    SqlToken before = phrase.at(index - 1);
    if (!before.isWord("with") && !before.isWord("recursive") && !before.is(",")) {
      return false;
    }
    int as = phrase.next(index + 1);
    int body = as + 1;
    while (phrase.at(body).isWord("not") || phrase.at(body).isWord("materialized")) {
      body++;
    }
    return phrase.at(as).isWord("as")
        && phrase.at(body).is("(")
        && types.startsQuery(body + 1)
        && phrase.parts(index + 1).stream().allMatch(part -> part.size() == 1);
  }

  private void checkConstruct(int index, String word) throws SqlRefused {
    if (ALSO_NAMES.contains(word) && names.volatileFunctions().contains(word)) {
      throw isVolatile(word);
    }
    switch (word) {
      case "position" -> checkPosition(index + 1);
      case "trim" -> checkTrim(index + 1);
      default -> {}
    }
  }

  private void checkFunction(int index, String schema) throws SqlRefused {
    String name = phrase.at(index).name();
    boolean ownOne = schema.isEmpty() || names.schemas().contains(schema);
    boolean listed = schema.isEmpty() || schema.equals("pg_catalog");
    if (ownOne && names.volatileFunctions().contains(name)) {
      throw isVolatile(name);
    }
    AllowedFunctions group = AllowedFunctions.of(name).orElse(null);
    if (listed && group != null) {
      checkOperands(index, group);
    } else if (!ownOne || !names.functions().contains(name)) {
      throw SqlRefused.rule("The function " + name + " is not allowed.", insteadOf(name));
    }
  }

  private static SqlRefused isVolatile(String name) {
    return SqlRefused.rule(
        "The function " + name + " is not allowed: it is VOLATILE, so it may have effects.",
        "If it is yours and only reads, declare it: ALTER FUNCTION " + name + " STABLE.");
  }

  private static String insteadOf(String name) {
    if (name.startsWith("xml") || name.startsWith("xpath") || name.contains("_to_xml")) {
      return "Read the column as a text, and take it apart where the answer is read.";
    }
    if (name.equals("md5") || name.startsWith("sha") || name.startsWith("hash")) {
      return "Hash where the answer is read.";
    }
    return Suggestion.nearest(name, AllowedFunctions.all())
            .map(near -> "Is " + near + " meant? ")
            .orElse("")
        + "docs/sql.md lists those that are. A function of your own in an exposed schema may be"
        + " called if it is STABLE or IMMUTABLE, and before a list of columns stands AS.";
  }

  private void checkOperands(int index, AllowedFunctions group) throws SqlRefused {
    List<Span> operands = phrase.parts(index + 1);
    boolean fits =
        switch (group.operands()) {
          case ANY -> true;
          case CONSTANT ->
              operands.stream().allMatch(each -> constants.isWithin(each, Constants.SHORT));
          case CONSTANT_BUT_FIRST -> areConstant(operands, Constants.SHORT);
          case SHORT_TEXT_BUT_FIRST -> areConstant(operands, Constants.SHORT_TEXT);
          case TEMPLATE ->
              operands.size() < 2 || constants.isWithin(operands.get(1), MOST_TEMPLATE);
          case PADDED ->
              operands.size() < 2
                  || numberOf(operands.get(1)).orElse(MOST_PADDED + 1) <= MOST_PADDED;
          case REPEATED -> operands.size() < 2 || isRepeatedLittle(operands);
          case FORMAT -> hasNoWidths(operands);
        };
    if (!fits || (group.operands() != AllowedFunctions.Operands.ANY && namesOperands(index + 1))) {
      throw SqlRefused.rule(
          "The function " + phrase.at(index).name() + " is not allowed with these operands.",
          "It " + group.reason() + ". Write a literal or a parameter there.");
    }
  }

  private boolean areConstant(List<Span> operands, int characters) {
    return operands.stream().skip(1).allMatch(each -> constants.isWithin(each, characters));
  }

  /** {@code f(second => 1, first => 2)}. */
  private boolean namesOperands(int open) {
    return phrase.parts(open).stream()
        .map(part -> phrase.at(part.from() + 1))
        .anyMatch(next -> next.text().equals("=>") || next.is(":="));
  }

  private OptionalInt numberOf(Span operand) {
    return constants.number(operand);
  }

  private boolean isRepeatedLittle(List<Span> operands) {
    long times = numberOf(operands.get(1)).orElse(Integer.MAX_VALUE);
    return constants.isWithin(operands.get(0), MOST_REPEATED)
        && times * constants.length(operands.get(0)) <= MOST_REPEATED;
  }

  private boolean hasNoWidths(List<Span> operands) {
    String text =
        operands.isEmpty() || operands.getFirst().size() != 1
            ? ""
            : constants.text(operands.getFirst().from());
    Matcher width = WITHOUT_WIDTH.matcher(text);
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', width.end())) {
      if (!width.region(i + 1, text.length()).lookingAt()) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private void checkPosition(int open) throws SqlRefused {
    for (int i = open + 1; i < phrase.closing(open); i = phrase.next(i)) {
      if (phrase.at(i).isWord("in")) {
        checkSought("POSITION", new Span(open + 1, i));
        return;
      }
    }
  }

  /** {@code TRIM(BOTH 'x' FROM t)}, {@code TRIM(t, 'x')}. */
  private void checkTrim(int open) throws SqlRefused {
    List<Span> parts = phrase.parts(open);
    for (Span part : parts.subList(Math.min(1, parts.size()), parts.size())) {
      checkSought("TRIM", part);
    }
    int from = open + 1;
    if (Set.of("both", "leading", "trailing").contains(phrase.at(from).name())) {
      from++;
    }
    for (int i = from; i < phrase.closing(open); i = phrase.next(i)) {
      if (phrase.at(i).isWord("from")) {
        checkSought("TRIM", new Span(from, i));
      }
    }
  }

  private void checkSought(String what, Span sought) throws SqlRefused {
    if (!constants.isWithin(sought, Constants.SHORT_TEXT)) {
      throw SqlRefused.rule(
          what + " is not allowed with these operands.",
          "It looks for one operand at each place of the other: write a literal or a parameter of"
              + " at most %,d characters there.".formatted(Constants.SHORT));
    }
  }
}
