package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.catalog.SqlNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SqlPropertiesTest {
  private static final SqlNames NAMES =
      new SqlNames(Set.of(), Set.of(), Set.of(), Set.of("f", "f_1$é"), Set.of());

  @Property
  void anyTextIsARequestOrRefused(@ForAll("texts") String sql) {
    try {
      SqlRequest request = SqlRequest.of(sql, Map.of("a", "1"), NAMES);
      assertThat(request.values()).containsExactly("1");
      assertThat(SqlRequest.of(request.untyped().replace("$1", "0"), Map.of(), NAMES).untyped())
          .isEqualTo(request.untyped().replace("$1", "0"));
    } catch (SqlRefused refused) {
      assertThat(refused.message()).isNotBlank();
      assertThat(refused.hint()).isNotBlank();
    }
  }

  @Property
  void theTokensOfATextTogetherAreTheText(@ForAll("texts") String sql) {
    try {
      assertThat(joined(SqlTokenizer.tokens(sql))).isEqualTo(sql);
    } catch (SqlRefused refused) {
      assertThat(refused.kind()).isEqualTo(SqlRefused.Kind.RULE);
    }
  }

  @Property
  void tokensPartedByBlanksAreFoundAgain(@ForAll("tokens") List<SqlToken> tokens)
      throws SqlRefused {
    String sql = tokens.stream().map(SqlToken::text).collect(Collectors.joining("\n"));

    List<SqlToken> found =
        SqlTokenizer.tokens(sql).stream()
            .filter(token -> token.kind() != SqlToken.Kind.BLANK)
            .toList();

    assertThat(found).isEqualTo(tokens);
  }

  @Property
  void aCallIsFoundInAnyDisguise(
      @ForAll("gaps") String before, @ForAll("gaps") String after, @ForAll("names") String name)
      throws SqlRefused {
    String sql = "SELECT pg_catalog." + before + name + after + "(1)";

    assertThat(SqlTokenizer.tokens(sql)).anyMatch(token -> token.name().equals("f_1$é"));
    assertThat(refused(sql)).isTrue();
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "SELECT",
            "(",
            ")",
            "[",
            "]",
            "'",
            "\"",
            "$$",
            "$a$",
            "$",
            "/*",
            "*/",
            "--",
            "\n",
            " ",
            ":a",
            ":",
            "::",
            ";",
            "E'",
            "U&'",
            "\\",
            "''",
            "f",
            "f(",
            "1",
            "1e",
            ".",
            "+",
            "@>",
            "é",
            "\uD800",
            "\uD83D\uDE00",
            "\u0000",
            "into",
            "AS",
            "treat");
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        pieces.list().ofMaxSize(20).map(list -> "SELECT :a " + String.join("", list)),
        pieces.list().ofMaxSize(20).map(list -> String.join("", list)));
  }

  @Provide
  Arbitrary<List<SqlToken>> tokens() {
    return Arbitraries.oneOf(
            kind(SqlToken.Kind.WORD, "select", "x$1", "_a", "Éa", "e", "u"),
            kind(SqlToken.Kind.QUOTED, "\"a b\"", "\"x\"\"y\"", "\"--\"", "\"$$\""),
            kind(SqlToken.Kind.STRING, "'a'", "''''", "'\\'", "$$'$$", "$q$ $$ $q$", "B'1'"),
            kind(SqlToken.Kind.NUMBER, "1", "1.5", "1e9", "0xff", "1_000"),
            kind(SqlToken.Kind.PARAMETER, ":a", ":day_1"),
            kind(SqlToken.Kind.OPERATOR, "+", "->>", "?|", "@>", "<=", "*", "||"),
            kind(SqlToken.Kind.COMMENT, "/* ' */", "/*/**/*/", "--'"),
            kind(SqlToken.Kind.PUNCTUATION, "(", ")", "[", "]", ",", ";", ".", "::", ":=", ":"))
        .list()
        .ofMaxSize(30);
  }

  @Provide
  Arbitrary<String> gaps() {
    return Arbitraries.of("", " ", "\n", "\t\f", "/**/", "/* /* ( */ */", "--(\n", "-- ' \r")
        .list()
        .ofMaxSize(4)
        .map(list -> String.join("", list));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("f_1$é", "F_1$é", "\"f_1$é\"");
  }

  private static Arbitrary<SqlToken> kind(SqlToken.Kind kind, String... texts) {
    return Arbitraries.of(texts).map(text -> new SqlToken(kind, text));
  }

  private static String joined(List<SqlToken> tokens) {
    return tokens.stream().map(SqlToken::text).collect(Collectors.joining());
  }

  private static boolean refused(String sql) {
    try {
      SqlRequest.of(sql, Map.of(), NAMES);
      return false;
    } catch (SqlRefused refused) {
      return refused.message().contains("f_1$é");
    }
  }
}
