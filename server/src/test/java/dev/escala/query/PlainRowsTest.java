package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.MediaHandlers;
import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import dev.escala.catalog.Relationships;
import dev.escala.catalog.SqlNames;
import dev.escala.query.ReadPlanner.PlainRows;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read as a role alone is what is read otherwise, and a condition that finds policies. */
class PlainRowsTest {
  private static final String GUARD =
      "1 / (pg_catalog.row_security_active('\"public\".\"it''s\"'::pg_catalog.regclass)::int4 - 1)"
          + " < 0";
  private static final Relation TABLE =
      new Relation(
          "public",
          "it's",
          RelationKind.TABLE,
          Map.of(
              "id",
              new RelationColumn("id", "integer", "integer", OutputKind.INTEGER, false, null)),
          List.of("id"),
          List.of(Set.of("id")),
          Map.of(),
          null);

  private static ReadPlanner planner(String query, boolean plain) throws QueryRefused {
    DatabaseCatalog catalog =
        DatabaseCatalog.of(
                List.of("public"),
                List.of(TABLE),
                Relationships.NONE,
                List.of(),
                SqlNames.NONE,
                null)
            .with(Map.of(), plain ? Set.of(TABLE.fullName()) : Set.of(), MediaHandlers.NONE);
    return new ReadPlanner(catalog, TABLE, RequestParser.parse(QueryString.parse(query)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "id=eq.1",
        "id=eq.1&id=lt.5&order=id.desc&limit=3",
        "or=(id.eq.1,id.eq.2)",
        "after=&limit=5",
        "select=id.sum()",
        "distinct=true"
      })
  void theStatementsDifferInTheConditionAlone(String query) throws QueryRefused {
    PlainRows both = planner(query, true).plain(ValueForm.JSON).orElseThrow();
    SqlStatement rows = planner(query, true).rows(ValueForm.JSON);
    assertThat(both.rows()).isEqualTo(rows);
    assertThat(both.plain().text()).contains(" WHERE " + GUARD);
    assertThat(both.plain().text().length() - rows.text().length())
        .isBetween(GUARD.length(), GUARD.length() + " WHERE ".length());
    assertThat(planner(query, false).plain(ValueForm.JSON)).isEmpty();
  }
}
