package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import dev.escala.catalog.RelationName;
import dev.escala.catalog.Relationships;
import dev.escala.catalog.Routine;
import dev.escala.catalog.Routine.Parameter;
import dev.escala.catalog.SqlNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a published query is called with, its SQL is the same, and the values are bound. */
class HostileArgumentsPropertiesTest {
  private static final DatabaseCatalog CATALOG =
      DatabaseCatalog.of(
          List.of("public"), List.of(), Relationships.NONE, List.of(), SqlNames.NONE, null);
  private static final Routine QUERY = query();

  private static Routine query() {
    RelationName name = new RelationName("public", "q");
    RelationColumn column =
        new RelationColumn("n", "integer", "integer", OutputKind.INTEGER, true, null);
    Relation rows =
        new Relation(
            name.schema(),
            name.name(),
            RelationKind.VIEW,
            Map.of("n", column),
            List.of(),
            List.of(),
            Map.of(),
            null);
    try {
      return new Routine(
          name,
          List.of(
              new Parameter("a", "text", false, false, null, null),
              new Parameter("b", "integer[]", true, false, "{1}", null)),
          new Routine.Rows(rows),
          true,
          true,
          null,
          PublishedQuery.parse(
                  "q",
                  """
                  -- :a text
                  -- :b integer[] = {1}
                  SELECT 1 AS n WHERE :a = 'it''s' OR :a > 'b' OR 1 = ANY (:b)
                  """)
              .text());
    } catch (SqlRefused refused) {
      throw new AssertionError(refused);
    }
  }

  private static SqlStatement planned(Arguments arguments) throws QueryRefused {
    RoutineCall call = RoutineCall.choose(QUERY.name(), List.of(QUERY), arguments);
    ReadRequest request = RequestParser.parse(QueryString.parse("n=gt.0"));
    return new ReadPlanner(CATALOG, call.result(), call, request, ignored -> 1)
        .rows(ValueForm.JSON);
  }

  private static Arguments texts(String a, String b) {
    return new Arguments.Texts(Map.of("a", List.of(a), "b", List.of(b)));
  }

  @Property
  void textsAreBound(@ForAll String a, @ForAll String b) throws QueryRefused {
    SqlStatement statement = planned(texts(a, b));
    assertThat(statement.text()).isEqualTo(planned(texts("x", "{2}")).text());
    assertThat(statement.parameters()).containsExactly(a, b, "0");
  }

  @Property
  void bodiesAreBound(@ForAll String json) throws QueryRefused {
    Set<String> names = Set.of("a", "b");
    SqlStatement statement = planned(new Arguments.Members(json, names));
    assertThat(statement.text()).isEqualTo(planned(new Arguments.Members("{}", names)).text());
    assertThat(statement.parameters()).containsExactly(json, "0");
  }

  /** The same value at each place is the same parameter. */
  @Example
  void theTextIsThatOfTheFile() throws QueryRefused {
    assertThat(planned(new Arguments.Texts(Map.of("a", List.of("x")))).text())
        .contains(
            "SELECT 1 AS n WHERE  CAST(CAST($1 AS text) AS text) = 'it''s'"
                + " OR  CAST(CAST($1 AS text) AS text) > 'b'"
                + " OR 1 = ANY ( CAST(CAST($2 AS text) AS integer[]))\n) AS r");
  }
}
