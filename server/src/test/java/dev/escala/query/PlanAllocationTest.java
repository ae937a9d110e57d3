package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import dev.escala.catalog.Relationships;
import dev.escala.catalog.SqlNames;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What it takes from the text of a query to its statement, which no busy machine changes. */
class PlanAllocationTest {
  private static final int REQUESTS = 2_000;

  private static final Relation TABLE =
      new Relation(
          "public",
          "flights",
          RelationKind.TABLE,
          columns("id", "origin", "destination", "delay", "distance", "at"),
          List.of("id"),
          List.of(Set.of("id")),
          Map.of(),
          null);
  private static final DatabaseCatalog CATALOG =
      DatabaseCatalog.of(
          List.of("public"), List.of(TABLE), Relationships.NONE, List.of(), SqlNames.NONE, null);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static Map<String, RelationColumn> columns(String... names) {
    Map<String, RelationColumn> columns = new LinkedHashMap<>();
    for (String name : names) {
      columns.put(name, new RelationColumn(name, "text", "text", OutputKind.TEXT, true, null));
    }
    return columns;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id=eq.4711                                             | 6800
          origin=eq.LAX&delay=gte.30&order=delay.desc&limit=20   | 10500
          """)
  void aQueryIsPlannedWithinABoundOfMemory(String query, long mostBytes) throws QueryRefused {
    assertThat(plan(query)).isPositive();
    long before = threads.getCurrentThreadAllocatedBytes();
    long characters = 0;
    for (int i = 0; i < REQUESTS; i++) {
      characters += plan(query);
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / REQUESTS;
    assertThat(characters).isPositive();
    assertThat(each).as("bytes a request").isBetween(1L, mostBytes);
  }

  private static int plan(String query) throws QueryRefused {
    ReadPlanner planner =
        new ReadPlanner(CATALOG, TABLE, RequestParser.parse(QueryString.parse(query)));
    return (int) Math.min(planner.mostRows(), 1) + planner.rows(ValueForm.JSON).text().length();
  }
}
