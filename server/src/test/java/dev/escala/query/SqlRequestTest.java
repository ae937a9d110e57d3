package dev.escala.query;

import static dev.escala.query.SqlSamples.NAMES;
import static dev.escala.query.SqlSamples.refusal;
import static dev.escala.query.SqlSamples.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlRequestTest {
  @Test
  void aNameIsBoundOnceHoweverOftenItStands() throws SqlRefused {
    SqlRequest request =
        SqlRequest.of(
            "SELECT :a, x::date FROM t WHERE y = :b::int OR z=:a",
            Map.of("a", "'; DROP TABLE t", "b", "7"),
            NAMES);

    assertThat(request.untyped())
        .isEqualTo("SELECT  $1, x::date FROM t WHERE y =  $2::int OR z= $1");
    assertThat(request.typed(List.of("bpchar", "integer")))
        .isEqualTo(
            "SELECT  CAST(CAST($1 AS text) AS bpchar), x::date FROM t"
                + " WHERE y =  CAST(CAST($2 AS text) AS integer)::int"
                + " OR z= CAST(CAST($1 AS text) AS bpchar)");
    assertThat(request.values()).containsExactly("'; DROP TABLE t", "7");
  }

  @Test
  void theTextEndsWithItsLastToken() throws SqlRefused {
    assertThat(request(" /* first */ SELECT 1 -- one\n ; -- end").untyped()).isEqualTo("SELECT 1");
    assertThat(request("SELECT 1 /* x */ + 2--").untyped()).isEqualTo("SELECT 1 /* x */ + 2");
  }

  @Test
  void aParameterNeverBecomesTheArgumentOfTheNameBeforeIt() throws SqlRefused {
    SqlRequest request = SqlRequest.of("SELECT pg_notify:a", Map.of("a", "x"), NAMES);

    assertThat(request.untyped()).isEqualTo("SELECT pg_notify $1");
    assertThat(request.typed(List.of("text")))
        .isEqualTo("SELECT pg_notify CAST(CAST($1 AS text) AS text)");
  }

  @Test
  void aParameterWithoutValueIsRefused() {
    SqlRefused refused = refusal("SELECT :day", Map.of("to", "1", "from", "2"));

    assertThat(refused.kind()).isEqualTo(SqlRefused.Kind.PARAMETER);
    assertThat(refused.message()).isEqualTo("The parameter :day has no value.");
    assertThat(refused.hint())
        .isEqualTo("Add &day=value to the URL; values are given for from, to.");
  }

  @Test
  void aParameterOfTheUrlItselfIsRefused() {
    assertThat(refusal("SELECT :format", Map.of()).message()).contains(":format", "of the URL");
    assertThat(refusal("SELECT :q", Map.of("q", "1")).message()).contains(":q", "of the URL");
  }

  @Test
  void aValueWithoutParameterIsRefused() {
    SqlRefused refused = refusal("SELECT :day, :b", Map.of("day", "1", "b", "2", "dayy", "3"));

    assertThat(refused.kind()).isEqualTo(SqlRefused.Kind.PARAMETER);
    assertThat(refused.message()).isEqualTo("The value dayy belongs to no parameter of the SQL.");
    assertThat(refused.hint()).isEqualTo("Is :day meant? The SQL has :b, :day.");
    assertThat(refusal("SELECT 1", Map.of("x", "1")).hint()).isEqualTo("The SQL has none.");
  }

  @Test
  void aValueWithNulIsRefused() {
    assertThat(refusal("SELECT :a", Map.of("a", "\u0000")).kind())
        .isEqualTo(SqlRefused.Kind.PARAMETER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", ";", "-- SELECT 1", "/* SELECT 1 */ ;"})
  void emptyTextIsRefused(String sql) {
    assertThat(refusal(sql).message()).isEqualTo("The SQL is empty.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SELECT 1; SELECT 2", "SELECT 1;;", "; SELECT 1", "SELECT 1 /**/;/**/DROP"})
  void aSecondStatementIsRefused(String sql) {
    assertThat(refusal(sql).message()).isEqualTo("There is more than one statement.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "select 1",
        "(SELECT 1)",
        "( /* a */ (VALUES (1)) )",
        "TABLE t",
        "WITH x AS (SELECT 1) TABLE x",
        "/**/SELECT';'"
      })
  void aQueryMayStand(String sql) {
    assertThatCode(() -> request(sql)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "INSERT INTO t VALUES (1), publish",
    "update t set a = 1, publish",
    "COPY t TO PROGRAM 'x', format=csv",
    "SET role postgres, transaction",
    "BEGIN, transaction",
    "SHOW all, current_setting",
    "EXPLAIN ANALYZE SELECT 1, &explain=text",
    "VACUUM t, psql",
    "DO $$ begin end $$, /rpc/",
    "CALL p(), /rpc/",
    "LISTEN a, SELECT",
    "\"select\" 1, SELECT",
    "((, SELECT",
    "(INSERT INTO t VALUES (1)), publish"
  })
  void anotherStatementIsRefusedWithWhatToDoInstead(String sql, String hint) {
    assertThat(refusal(sql).message()).contains("not with SELECT, WITH, VALUES or TABLE");
    assertThat(refusal(sql).hint()).contains(hint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1)", "SELECT (1", "SELECT (1]", "SELECT 1) x, (SELECT 2"})
  void bracketsPair(String sql) {
    assertThat(refusal(sql).hint()).isEqualTo("Pair the brackets of the SQL.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * INTO t FROM x",
        "WITH x AS (INSERT INTO t VALUES (1) RETURNING 1) TABLE x",
        "WITH x AS (SELECT 1) MERGE into t USING x ON true WHEN MATCHED THEN DELETE"
      })
  void intoIsRefused(String sql) {
    assertThat(refusal(sql).message()).containsIgnoringCase("into writes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 AS into",
        "SELECT t.into, 'into', \"into\" FROM t",
        "SELECT update, delete, insert, \"for\" FROM t",
        "SELECT substring(delete from 2) FROM t"
      })
  void namesLikeKeywordsAreNotRefused(String sql) {
    assertThatCode(() -> request(sql)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT pg_notify('a', 'b')",
        "SELECT PG_Notify ('a', 'b')",
        "SELECT \"pg_notify\"('a', 'b')",
        "SELECT pg_catalog . /* (( */ pg_notify -- )\n ('a', 'b')",
        "SELECT 1 FROM t WHERE EXISTS (SELECT \"pg_catalog\".\"lo_get\" (1))",
        "SELECT \"Send\"(1)",
        "SELECT \"say\"\"so\"(1)",
        "SELECT public.tell(1)",
        "SELECT public.random()",
        "SELECT crosstab('SELECT 1')",
        "SELECT database_to_xml(true, true, '')",
        "SELECT TREAT('/etc/passwd' AS pg_read_file)"
      })
  void aFunctionWithEffectsIsRefused(String sql) {
    assertThat(refusal(sql).kind()).isEqualTo(SqlRefused.Kind.RULE);
    assertThat(refusal(sql).message()).contains("is not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT random(), pg_catalog.random()",
        "SELECT send(1)",
        "SELECT pg_notify, x.pg_notify AS \"lo_get\" FROM x",
        "SELECT 'pg_notify(1)' /* pg_notify(1) */",
        "SELECT treat FROM t",
        "SELECT * FROM t TABLESAMPLE SYSTEM (10)"
      })
  void otherFunctionsMayStand(String sql) {
    assertThatCode(() -> request(sql)).doesNotThrowAnyException();
  }
}
