package dev.escala.query;

import dev.escala.catalog.OutputKind;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationName;
import dev.escala.model.SqlIdentifier;
import dev.escala.query.ReadNode.Embedded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What the items of a select stand for. */
final class Outputs {
  /** Of a result of PostgreSQL; each star of a select stands for all columns of the relation. */
  private static final int MOST_COLUMNS = 1664;

  private static final String COUNT = "count";

  private final ReadNode node;
  private final FieldSql fields;
  private final Deque<Embedded> embedded;
  private final List<Output> outputs = new ArrayList<>();

  private Outputs(ReadNode node) {
    this.node = node;
    this.fields = new FieldSql(node.relation(), node.alias());
    this.embedded = new ArrayDeque<>(node.embedded());
  }

  /** In the order of the items. */
  static List<Output> of(ReadNode node) throws QueryRefused {
    Outputs outputs = new Outputs(node);
    for (SelectItem item : node.request().select()) {
      outputs.add(item);
    }
    return outputs.outputs;
  }

  private void add(SelectItem item) throws QueryRefused {
    switch (item) {
      case SelectItem.AllColumns ignored -> {
        for (RelationColumn column : node.relation().columns().values()) {
          value(new SelectItem.Value(null, new Field(column.name(), List.of()), null));
        }
      }
      case SelectItem.Value value -> value(value);
      case SelectItem.Aggregate aggregate -> aggregate(aggregate);
      case SelectItem.Embed ignored -> embed(embedded.remove());
    }
  }

  private void add(Output output) throws QueryRefused {
    if (outputs.size() == MOST_COLUMNS) {
      throw QueryRefused.tooManyColumns(MOST_COLUMNS);
    }
    outputs.add(output);
  }

  private void value(SelectItem.Value item) throws QueryRefused {
    Field field = item.field();
    String name = item.alias() == null ? field.outputName() : item.alias();
    String cast = item.cast();
    if (isCount(field)) {
      String count = node.alias() + "." + SqlIdentifier.quote(COUNT);
      add(Output.of(name, OutputKind.CONVERTED, cast == null ? count : Output.cast(count, cast)));
      return;
    }
    RelationColumn column = fields.column(field.column());
    String sql = fields.of(field);
    RelationName toJson = column.representation().toJson();
    if (cast == null && toJson != null && field.path().isEmpty()) {
      add(Output.of(name, OutputKind.JSON, SqlText.name(toJson) + "(" + sql + ")"));
    } else if (cast == null) {
      String declared = field.path().isEmpty() ? column.type() : null;
      String known = sql + typeAsKnown(field, column);
      add(new Output(name, kindOf(field, column), known, declared, null));
    } else {
      add(new Output(name, Output.kindOfCast(cast), Output.cast(sql, cast), cast, null));
    }
  }

  /**
   * Where no column is called so, PostgreSQL takes {@code r.count} for {@code count(r)}, and so do
   * clients of old.
   */
  private boolean isCount(Field field) {
    return field.column().equals(COUNT)
        && field.path().isEmpty()
        && !node.relation().columns().containsKey(COUNT)
        && !node.relation().computed().containsKey(COUNT);
  }

  private static OutputKind kindOf(Field field, RelationColumn column) {
    if (field.path().isEmpty()) {
      return column.kind();
    }
    return field.path().getLast().asText() ? OutputKind.TEXT : OutputKind.JSON;
  }

  /**
   * What the database prints and the answer passes on as it is has to be of the type that is known:
   * where the column has become a text meanwhile, it is no number and no JSON.
   */
  private static String typeAsKnown(Field field, RelationColumn column) {
    boolean passedOn = column.kind() == OutputKind.NUMBER || column.kind() == OutputKind.JSON;
    return passedOn && field.path().isEmpty() ? "::" + column.castType() : "";
  }

  private void aggregate(SelectItem.Aggregate item) throws QueryRefused {
    String name = item.alias() == null ? item.function() : item.alias();
    Field field = item.field();
    String sql = field == null ? "*" : fields.of(field);
    String type = field == null ? "" : fields.typeOf(field);
    String cast = item.cast();
    if (cast != null) {
      sql = Output.cast(sql, cast);
      type = cast;
    }
    add(new Output(name, OutputKind.CONVERTED, sql, null, new Output.Aggregated(item, type)));
  }

  private void embed(Embedded embed) throws QueryRefused {
    String alias = embed.alias();
    if (embed.isMember()) {
      String json = alias + ".j";
      String sql = embed.isToOne() ? json : "COALESCE(" + json + ", '[]')";
      add(Output.of(embed.item().name(), OutputKind.JSON, sql));
    } else if (embed.item().spread()) {
      int number = 0;
      for (Output output : of(embed.node())) {
        add(spread(embed, output, alias + ".c" + ++number));
      }
    }
  }

  private static Output spread(Embedded embed, Output output, String column) throws QueryRefused {
    if (embed.isToOne()) {
      return output.from(column);
    }
    if (output.isAggregate()) {
      throw QueryRefused.aggregateInSpread();
    }
    return Output.of(output.name(), OutputKind.JSON, "COALESCE(" + column + ", '[]')");
  }
}
