package dev.escala.query;

import dev.escala.catalog.RelationName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the aggregates of a select, by the names under which they go out. */
record AggregateSql(List<Output> outputs) implements Operands {

  Optional<Output> named(String name) {
    return outputs.stream()
        .filter(output -> output.isAggregate() && output.name().equals(name))
        .findFirst();
  }

  private Output aggregate(Field field) throws QueryRefused {
    Optional<Output> found = field.path().isEmpty() ? named(field.column()) : Optional.empty();
    return found.orElseThrow(
        () ->
            QueryRefused.noAggregate(
                field.outputName(),
                outputs.stream().filter(Output::isAggregate).map(Output::name).toList()));
  }

  @Override
  public String of(Field field) throws QueryRefused {
    return aggregate(field).finished().sql();
  }

  @Override
  public String typeOf(Field field) throws QueryRefused {
    Output.Aggregated aggregated = aggregate(field).aggregate();
    return aggregated == null ? "text" : aggregated.resultType();
  }

  @Override
  public @Nullable RelationName fromText(Field field) {
    return null;
  }
}
