package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheredSqlTest {
  @Test
  void eachParameterIsAnArray() {
    assertThat(
            GatheredSql.text("SELECT r.\"id\" FROM t AS r WHERE r.a = $1::text AND r.b = $2::text"))
        .isEqualTo(
            """
            SELECT one.*, reader.number::int4
            FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) WITH ORDINALITY AS\
             reader(p1, p2, number) CROSS JOIN LATERAL (SELECT r."id" FROM t AS r\
             WHERE r.a = reader.p1::text AND r.b = reader.p2::text) AS one\
            """);
  }

  @Test
  void oneThatStandsTwiceIsOne() {
    assertThat(GatheredSql.text("SELECT $1, $1"))
        .contains("unnest((SELECT $1::text[]))", "(SELECT reader.p1, reader.p1)");
  }

  @Test
  void namesAndTextsHaveNoParameters() {
    assertThat(GatheredSql.text("SELECT \"$1\"\"$2\", '$1''$2', 'a\"$2', $1 /*7*/"))
        .contains("unnest((SELECT $1::text[]))")
        .contains("(SELECT \"$1\"\"$2\", '$1''$2', 'a\"$2', reader.p1 /*7*/)");
  }
}
