package dev.escala.query;

import static dev.escala.query.SqlSamples.NAMES;
import static dev.escala.query.SqlSamples.refusal;
import static dev.escala.query.SqlSamples.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a statement may name: functions, operators and types, and constants where it matters. */
class SqlRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "SELECT xpath('//a', data) FROM t ~ xpath",
        "SELECT \"xpath\"('//a', data) FROM t ~ xpath",
        "SELECT pg_catalog.xpath('//a', data) FROM t ~ xpath",
        "SELECT polygon('((0,0))') ~ polygon",
        "SELECT md5(a), 1 FROM t ~ md5",
        "SELECT sha256(a::bytea) FROM t ~ sha256",
        "SELECT other.own(1) ~ own",
        "SELECT pg_catalog.own(1) ~ own",
        "SELECT public.count(1) ~ count",
        "SELECT public.effect(1) ~ effect",
        "SELECT effect(1) ~ effect",
        "SELECT DISTINCT ON (a) zone (b) FROM t ~ zone",
        "SELECT DISTINCT ON (a) xpath (b, c) FROM t ~ xpath",
        "SELECT sum(a) OVER (ROWS xpath(b, c) PRECEDING) FROM t ~ xpath",
        "WITH xpath(a) AS (SELECT 1), y AS (SELECT xpath(a, b) FROM xpath) SELECT 1 ~ xpath",
        "SELECT 1 FROM a, xpath(b, c) AS (d text) ~ xpath",
        "SELECT 1 FROM a, xpath(b, c) AS (values text) ~ xpath",
        "SELECT 1 FROM generate_series(1, 2) xpath(b) ~ xpath",
        "SELECT * FROM ROWS FROM (xpath(a, b) AS (c text)) ~ xpath",
        "SELECT \"position\"('a', b) FROM t ~ position",
        "SELECT a OPERATOR(pg_catalog.&&) b FROM t ~ OPERATOR",
        "SELECT normalize(a) FROM t ~ normalize",
        "SELECT xmlserialize(content a AS text) FROM t ~ xmlserialize"
      })
  void aFunctionThatIsNotListedIsRefusedByName(String sql, String name) {
    assertThat(refusal(sql).message()).containsIgnoringCase("function " + name + " is not allowed");
    assertThat(refusal(sql).hint()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "SELECT '((0,0),(1,1))'::polygon ~ polygon",
        "SELECT '((0,0),(1,1))'::\"polygon\"[] ~ polygon",
        "SELECT '((0,0),(1,1))'::pg_catalog.polygon ~ polygon",
        "SELECT polygon '((0,0),(1,1))' ~ polygon",
        "SELECT pg_catalog.polygon $$((0,0),(1,1))$$ ~ polygon",
        "SELECT \"polygon\" E'((0,0),(1,1))' ~ polygon",
        "SELECT \"select\" 'x' ~ select",
        "SELECT CAST('((0,0),(1,1))' AS polygon) ~ polygon",
        "SELECT CAST(('x') AS pg_catalog . xml) ~ xml",
        "SELECT * FROM json_to_recordset('[]') AS x(a int, b polygon) ~ polygon",
        "SELECT * FROM json_to_recordset('[]') AS (a int, b polygon) ~ polygon",
        "SELECT * FROM json_to_recordset('[]') AS materialized(a int, b polygon) ~ polygon",
        "SELECT * FROM ROWS FROM (json_to_recordset('[]') AS (b polygon)) ~ polygon",
        "SELECT 'x'::tsquery ~ tsquery",
        "SELECT 'x'::other.mood ~ mood",
        "SELECT 'x'::db.public.mood ~ public",
        "SELECT 'x'::public.text ~ text",
        "SELECT bit(3) '101' ~ bit",
        "SELECT 'flights'::regclass ~ regclass"
      })
  void aTypeThatIsNotListedIsRefusedByName(String sql, String name) {
    assertThat(refusal(sql).message()).contains(" " + name + " is not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'x'::char(10000000)",
        "SELECT CAST('x' AS character(10000000))",
        "SELECT char(10000000) 'x'",
        "SELECT 'x'::char(0x7FFFFFF)",
        "SELECT 'x'::pg_catalog.bpchar(99999)"
      })
  void aTypeIsNotMadeLong(String sql) {
    assertThat(refusal(sql).message()).contains("of a type is not allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<@", "<->", "##", "?#", "@-@", "~=", "<<|", "#", "@@@", "~-", "|/"})
  void anOperatorThatIsNotListedIsRefusedByName(String operator) {
    assertThat(refusal("SELECT a " + operator + " 'b' FROM t").message())
        .isEqualTo("The operator " + operator + " is not allowed.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a && b FROM t",
        "SELECT a && 'b' || c FROM t",
        "SELECT a && ('b' || c) FROM t",
        "SELECT a && '{1}'::int[] + c FROM t",
        "SELECT a && (SELECT array_agg(b) FROM t) FROM t",
        "SELECT a && ARRAY[b, 'c'] FROM t",
        "SELECT a && ARRAY(SELECT b FROM t) FROM t",
        "SELECT a @> b FROM t",
        "SELECT a ?| b FROM t",
        "SELECT a LIKE b FROM t",
        "SELECT a LIKE 'x' || b FROM t",
        "SELECT a LIKE 'x' COLLATE \"C\" || b FROM t",
        "SELECT a LIKE 'x'::pg_catalog.text || b FROM t",
        "SELECT a LIKE 'x'::character varying || b FROM t",
        "SELECT a LIKE 'x'::timestamp with time zone || b FROM t",
        "SELECT a LIKE '1'::interval day || b FROM t",
        "SELECT a LIKE interval '1' day || b FROM t",
        "SELECT a LIKE 'x' AT TIME ZONE 'y' || b FROM t",
        "SELECT a LIKE 'x'\n'y' || b FROM t",
        "SELECT a LIKE ANY (SELECT b FROM t) FROM t",
        "SELECT a LIKE ALL (ARRAY['x', b]) FROM t",
        "SELECT a NOT ILIKE upper(b) FROM t",
        "SELECT a SIMILAR TO b FROM t",
        "SELECT a ~ b FROM t",
        "SELECT a !~~* b FROM t",
        "SELECT like(a, b) FROM t",
        "SELECT a @@ to_tsquery(b) FROM t"
      })
  void whatIsLookedForAtEachPlaceIsAConstant(String sql) {
    assertThat(refusal(sql)).as(sql).isNotNull();
    assertThat(refusal(sql).message() + refusal(sql).hint())
        .containsAnyOf("stands no constant", "Write a literal or a parameter there");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT strpos(a, b) FROM t",
        "SELECT replace(a, 'x', b) FROM t",
        "SELECT translate(a, b, '') FROM t",
        "SELECT string_to_array(a, b) FROM t",
        "SELECT btrim(a, b) FROM t",
        "SELECT to_char(a, b) FROM t",
        "SELECT to_date('2026', repeat('Y', 1000))",
        "SELECT to_timestamp(fmt => 'Y', a => b) FROM t",
        "SELECT lpad(a, 10001) FROM t",
        "SELECT lpad(a, b) FROM t",
        "SELECT repeat(a, 5) FROM t",
        "SELECT repeat('x', a) FROM t",
        "SELECT repeat('xxxx', 300000)",
        "SELECT format(a, 'b') FROM t",
        "SELECT format('%1000000s', a) FROM t",
        "SELECT format('%s%-9s', a, a) FROM t",
        "SELECT format('%*s', 1000000, a) FROM t",
        "SELECT format(E'%\\x39s', a) FROM t",
        "SELECT format('%1$*2$s', a, b) FROM t",
        "SELECT position(a IN b) FROM t",
        "SELECT trim(BOTH a FROM b) FROM t",
        "SELECT trim(a FROM b) FROM t",
        "SELECT trim(a, b) FROM t",
        "SELECT regexp_replace(a, b, 'c') FROM t"
      })
  void whatMakesAFunctionDearIsAConstant(String sql) {
    assertThat(refusal(sql)).as(sql).isNotNull();
    assertThat(refusal(sql).message()).contains("is not allowed with these operands");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*), sum(a) FILTER (WHERE b > 1) OVER (PARTITION BY c ORDER BY d) FROM t",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t",
        "SELECT a, b FROM t GROUP BY GROUPING SETS ((a), ()), CUBE (a), ROLLUP (b)",
        "SELECT own(1), public.own(a), \"own\"(2) FROM t",
        "SELECT 'sad'::mood, 'sad'::public.mood, mood 'sad', CAST(a AS mood) FROM t",
        "SELECT a::numeric(10, 2), CAST(a AS varchar(10)), a::double precision[] FROM t",
        "SELECT a::timestamp(3) with time zone, numeric(5, 2) '1.5', interval '1' day",
        "SELECT timestamp with time zone '2026-01-01 00:00+00' AT TIME ZONE 'UTC'",
        "WITH n(i) AS (VALUES (1)), m(a, b) AS NOT MATERIALIZED (SELECT 1, 2) SELECT * FROM n",
        "WITH RECURSIVE n(i) AS MATERIALIZED (SELECT 1 UNION ALL SELECT i + 1 FROM n) TABLE n",
        "SELECT * FROM unnest(ARRAY['a']) WITH ORDINALITY AS t(tag, n)",
        "SELECT * FROM json_to_recordset('[]') AS x(a int, b text[], c mood, d double precision)",
        "SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c)",
        "SELECT * FROM t WHERE tags && ARRAY['a', :b] AND tags @> '{c}' OR j @> '{\"a\": 1}'",
        "SELECT * FROM t WHERE a LIKE '%' || :b || '%' AND b ILIKE lower(:b) ESCAPE '!'",
        "SELECT * FROM t WHERE a LIKE ANY (ARRAY['a%', :b]) AND a ~* '^x' = true ORDER BY a",
        "SELECT * FROM t WHERE body_words @@ websearch_to_tsquery('english', :b)",
        "SELECT to_char(a, 'YYYY-MM'), to_timestamp(a), to_date(b, 'YYYY') FROM t",
        "SELECT replace(a, 'x', ''), split_part(a, '-', 2), strpos(a, :b), btrim(a) FROM t",
        "SELECT lpad(a::text, 5, '0'), rpad(a, :width::int), repeat('-', 40) FROM t",
        "SELECT format('%s of %2$I: %%', a, b), position('x' in a), trim(both ' ' from a) FROM t",
        "SELECT a=-1, a<>+2, a*-b, -a FROM t",
        "SELECT make_interval(days => 1), a -> 'b' ->> 0, a #>> '{b,c}', a ? 'b' FROM t",
        "SELECT EXISTS (SELECT 1), a = ANY (b), a IN (1, 2), ROW(1, 2), ARRAY(SELECT 1) FROM t",
        "SELECT COALESCE(a, 'b'), NULLIF(a, 'b'), GREATEST(a, b), LEAST(a, b) FROM t",
        "SELECT CASE WHEN (a) THEN 'b' ELSE 'c' END, a IS NOT DISTINCT FROM 'd' FROM t",
        "SELECT DISTINCT ON (a) b FROM t JOIN (SELECT 1 AS a) AS u USING (a) LIMIT (1)",
        "SELECT extract(year FROM a), substring(a from 2 for 3), overlay(a placing 'b' from 2) FROM"
            + " t",
        "SELECT document, normalized, x.like, xpath, polygon FROM t AS x"
      })
  void whatIsListedMayStand(String sql) {
    Map<String, String> values = new HashMap<>();
    if (sql.contains(":b")) {
      values.put("b", "x");
    }
    if (sql.contains(":width")) {
      values.put("width", "7");
    }
    assertThatCode(() -> SqlRequest.of(sql, values, NAMES)).as(sql).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ('/etc/passwd').pg_read_file",
        "SELECT t.pg_read_file FROM concat('/etc/passwd') t",
        "SELECT t.\"pg_read_file\" FROM concat('/etc/passwd') t",
        "SELECT (a).polygon FROM t",
        "SELECT (a[1]).effect FROM t"
      })
  void aFunctionIsNotCalledLikeAColumnEither(String sql) {
    assertThat(refusal(sql).message()).contains("is not allowed behind a point");
    assertThatCode(() -> request("SELECT t.origin, (t).upper, t.own, public.mood FROM t"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a IS DOCUMENT", "a IS NOT DOCUMENT", "a IS NFC NORMALIZED"})
  void aPredicateThatReadsOnForLongIsRefused(String predicate) {
    assertThat(refusal("SELECT " + predicate + " FROM t").message()).contains("is not allowed");
  }

  @Test
  void valuesAreLimitedOneByOneAndAllTogether() {
    String most = "x".repeat((16 << 10) - 2);
    assertThatCode(() -> request("SELECT '" + most + "'")).doesNotThrowAnyException();
    assertThat(refusal("SELECT '" + most + "x'").message()).contains("One value", "16,384");
    assertThat(refusal("SELECT " + "1".repeat(101)).message()).contains("One value", "100");
    String four = ("'" + most + "', ").repeat(4);
    assertThatCode(() -> request("SELECT " + four + "''")).isInstanceOf(SqlRefused.class);
    assertThat(refusal("SELECT " + four + "''").message()).contains("All values", "65,536");
  }

  @Test
  void theValueOfAParameterCountsLikeALiteral() {
    assertThat(refusal("SELECT :a", Map.of("a", "x".repeat(16_385))).message()).contains("16,384");
    assertThat(refusal("SELECT a LIKE :a FROM t", Map.of("a", "x".repeat(101))).message())
        .contains("at most 100 characters");
    assertThat(refusal("SELECT a && :a FROM t", Map.of("a", "x".repeat(1_001))).message())
        .contains("at most 1,000 characters");
    assertThat(refusal("SELECT lpad('x', :a)", Map.of("a", "1000000")).message()).contains("lpad");
    assertThat(refusal("SELECT format(:a, 1)", Map.of("a", "%1000000s")).message())
        .contains("format");
  }

  @Test
  void theHintNamesTheFunctionThatWasProbablyMeant() {
    assertThat(refusal("SELECT cuont(*) FROM t").hint()).contains("Is count meant?", "docs/sql.md");
  }
}
