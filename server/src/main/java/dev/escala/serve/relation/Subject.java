package dev.escala.serve.relation;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.Relation;
import dev.escala.query.QueryRefused;
import dev.escala.query.ReadPlanner;
import dev.escala.query.ReadRequest;
import dev.escala.query.RoutineCall;
import dev.escala.serve.rows.MediaType;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is read.
 *
 * @param relation whose columns the rows have
 * @param call of the function that gives the rows; null where the relation has them
 */
record Subject(Relation relation, @Nullable RoutineCall call) {

  static Subject of(Relation relation) {
    return new Subject(relation, null);
  }

  static Subject of(RoutineCall call) {
    return new Subject(call.result(), call);
  }

  ReadPlanner planner(
      DatabaseCatalog catalog, ReadRequest request, ToLongFunction<Relation> mostEmbedded)
      throws QueryRefused {
    return new ReadPlanner(catalog, relation, call, request, mostEmbedded);
  }

  /** In which it stands. */
  String schema() {
    return call == null ? relation.schema() : call.routine().name().schema();
  }

  boolean isCall() {
    return call != null;
  }

  /** Whether a published query gives the rows. */
  boolean isQuery() {
    return call != null && call.routine().text() != null;
  }

  /** Whether there is one row by nature. */
  boolean isOne() {
    return call != null && call.isOne();
  }

  /** Whether it is values instead of rows. */
  boolean isValue() {
    return call != null && call.isValue();
  }

  /** Whether there is nothing to answer. */
  boolean isNothing() {
    return call != null && call.isNothing();
  }

  /**
   * In which form its rows are written, where the client asked for another one: one has no list.
   */
  MediaType written(MediaType asked) {
    if (!isOne()) {
      return asked;
    }
    return switch (asked) {
      case JSON -> MediaType.OBJECT;
      case STRIPPED_ARRAY -> MediaType.STRIPPED_OBJECT;
      case OBJECT, STRIPPED_OBJECT, NDJSON, CSV, ARROW, PARQUET -> asked;
    };
  }
}
