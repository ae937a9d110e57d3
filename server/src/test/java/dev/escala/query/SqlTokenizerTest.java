package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTokenizerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'it''s :no'",
        "E'it\\'s :no'",
        "e'\\\\'",
        "B'01'",
        "x'ff'",
        "N'a'",
        "U&'\\0041'",
        "$$ ' :no $a$ $$",
        "$a$ $$ $b$ :no $a$",
        "$é$ $e$ $é$"
      })
  void aStringIsOneToken(String text) throws SqlRefused {
    assertThat(SqlTokenizer.tokens(text)).containsExactly(new SqlToken(SqlToken.Kind.STRING, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-- :no ; '", "/* :no ' */", "/* /* ; */ */", "/*/**/*/", "/***/", "/*/ */"})
  void aCommentIsOneToken(String text) throws SqlRefused {
    assertThat(SqlTokenizer.tokens(text))
        .containsExactly(new SqlToken(SqlToken.Kind.COMMENT, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'a",
        "'a''",
        "E'a\\'",
        "\"a",
        "\"a\"\"",
        "/* a",
        "/* /* */",
        "$$ a",
        "$a$ $b$ $$",
        "$a$ a$a",
        "$a",
        "$",
        "$1",
        "U&\"\\0070\"",
        "u&\"a\"",
        "\\",
        "{",
        "a\u0000b",
        "$a\uD800$ x $a\uD800$",
        "\u0001"
      })
  void whatPostgresRefusesOrCouldReadDifferentlyIsRefused(String text) {
    assertThat(refusal(text).kind()).isEqualTo(SqlRefused.Kind.RULE);
    assertThat(refusal(text).hint()).isNotBlank();
  }

  @Test
  void anEscapeStringIsNotContinued() {
    // PostgreSQL reads E'a' and 'b\' or pg_notify(' as one string with escapes.
    assertThat(refusal("E'a'\n'b\\' || '").message()).contains("E'...'");
    assertThat(refusal("E'a' -- more\n 'b'").message()).contains("E'...'");
    assertThat(significant("E'a' || 'b'")).hasSize(3);
    assertThat(significant("'a'\n'b'")).containsExactly("'a'", "'b'");
  }

  @Test
  void operatorsEndWhereCommentsStart() {
    assertThat(significant("a+--b\nc")).containsExactly("a", "+", "c");
    assertThat(significant("a-/* b */c")).containsExactly("a", "-", "c");
    assertThat(significant("a @>? b")).containsExactly("a", "@>?", "b");
  }

  @Test
  void aDollarInsideANameIsNoQuote() {
    assertThat(significant("a$b$c")).containsExactly("a$b$c");
    assertThat(significant("a $b$c$b$")).containsExactly("a", "$b$c$b$");
  }

  @Test
  void namesAreReadAsPostgresReadsThem() {
    assertThat(name("PG_Sleep")).isEqualTo("pg_sleep");
    assertThat(name("\"PG_\"\"Sleep\"")).isEqualTo("PG_\"Sleep");
    assertThat(name("\u212A")).as("the Kelvin sign stays").isEqualTo("\u212A");
    assertThat(refusal("a".repeat(64)).message()).contains("63 bytes");
    assertThat(refusal("\"" + "é".repeat(32) + "\"").message()).contains("63 bytes");
    assertThat(name("a".repeat(63))).hasSize(63);
  }

  @Test
  void onlyAColonBeforeANameMakesAParameter() {
    assertThat(parameters("a::date, b := 1, :day::date, x=:y, limit:n"))
        .containsExactly(":day", ":y", ":n");
    assertThat(parameters("':a' \":b\" /* :c */ $$ :d $$ --:e")).isEmpty();
    assertThat(parameters("a[1:2], a[i:j], a[f(x):j], a[b[1]:j], a[:j]")).containsExactly(":j");
    assertThat(parameters("a[:i:j], ARRAY[:k, :l], a[(x=:m)], a[1 : n]"))
        .containsExactly(":i", ":k", ":l", ":m");
    assertThat(parameters(": a :1")).isEmpty();
  }

  private static String name(String text) {
    List<SqlToken> tokens = tokens(text);
    assertThat(tokens).hasSize(1);
    return tokens.getFirst().name();
  }

  private static List<String> significant(String text) {
    return tokens(text).stream().filter(SqlToken::significant).map(SqlToken::text).toList();
  }

  private static List<String> parameters(String text) {
    return tokens(text).stream()
        .filter(token -> token.kind() == SqlToken.Kind.PARAMETER)
        .map(SqlToken::text)
        .toList();
  }

  private static List<SqlToken> tokens(String text) {
    try {
      return SqlTokenizer.tokens(text);
    } catch (SqlRefused refused) {
      throw new AssertionError(text, refused);
    }
  }

  private static SqlRefused refusal(String text) {
    return catchThrowableOfType(SqlRefused.class, () -> SqlTokenizer.tokens(text));
  }
}
