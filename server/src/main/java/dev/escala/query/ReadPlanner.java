package dev.escala.query;

import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.query.SqlStatement.OutputColumn;
import java.util.ArrayList;
import java.util.List;

/** Makes SQL of a request for one relation. */
public final class ReadPlanner {

  /** In which form the values leave the database. */
  public enum Form {
    /** In binary where there is a writer, else as JSON. */
    JSON,
    /** As JSON, in which objects have no members that are null. */
    STRIPPED_JSON,
    /** As PostgreSQL prints them. */
    TEXT
  }

  /** Under which the relation stands in the SQL. */
  static final String ALIAS = "r";

  private final Relation relation;
  private final ReadRequest request;

  /** The relation is of the catalog, the request asks for its columns. */
  public ReadPlanner(Relation relation, ReadRequest request) {
    this.relation = relation;
    this.request = request;
  }

  /** The rows of the page. */
  public SqlStatement rows(Form form) throws QueryRefused {
    SqlText sql = new SqlText();
    ConditionSql fields = new ConditionSql(relation, sql);
    List<OutputColumn> columns = new ArrayList<>();
    sql.add("SELECT ");
    for (SelectItem item : request.select()) {
      select(item, form, new Output(sql, fields, columns));
    }
    // A result without columns has no rows on the wire; the writer leaves this one out.
    sql.add(columns.isEmpty() ? "1" : "");
    from(sql);
    fields.where(request.conditions());
    order(sql, fields);
    page(sql);
    return sql.with(columns);
  }

  /** How many rows there are at most, as far as the page and unique keys tell. */
  public long mostRows() {
    return Math.min(new KeyedRows(relation, request.conditions()).most(), limit());
  }

  private long limit() {
    Long limit = request.page().limit();
    return limit == null ? Long.MAX_VALUE : limit;
  }

  /** One row with the number of all rows that satisfy the conditions. */
  public SqlStatement count() throws QueryRefused {
    return counting("SELECT pg_catalog.count(*)");
  }

  /** The plan of reading all rows that satisfy the conditions, as JSON. */
  public SqlStatement explainedCount() throws QueryRefused {
    return counting("EXPLAIN (FORMAT JSON) SELECT 1");
  }

  private SqlStatement counting(String head) throws QueryRefused {
    SqlText sql = new SqlText();
    sql.add(head);
    from(sql);
    new ConditionSql(relation, sql).where(request.conditions());
    return sql.with(List.of());
  }

  private record Output(SqlText sql, ConditionSql fields, List<OutputColumn> columns) {
    SqlText next(String name, OutputKind kind) {
      sql.add(columns.isEmpty() ? "" : ", ");
      columns.add(new OutputColumn(name, kind));
      return sql;
    }
  }

  private void select(SelectItem item, Form form, Output output) throws QueryRefused {
    switch (item) {
      case SelectItem.AllColumns ignored -> {
        for (RelationColumn column : relation.columns().values()) {
          value(
              new SelectItem.Value(null, new Field(column.name(), List.of()), null), form, output);
        }
      }
      case SelectItem.Value value -> value(value, form, output);
      case SelectItem.Aggregate ignored ->
          throw QueryRefused.unsupported(
              "Aggregates in select", "GET /{database}?q=SELECT… answers them.");
      case SelectItem.Embed embed ->
          throw QueryRefused.unsupported(
              "Embedded relations such as '%s'".formatted(embed.relation()),
              "GET /{database}?q=SELECT… answers joins.");
    }
  }

  private static void value(SelectItem.Value item, Form form, Output output) throws QueryRefused {
    Field field = item.field();
    RelationColumn column = output.fields().column(field.column());
    OutputKind kind = kindOf(item, column);
    Wrapping wrapping = Wrapping.of(kind, form);
    String name = item.alias() == null ? field.outputName() : item.alias();
    SqlText sql = output.next(name, form == Form.TEXT ? OutputKind.TEXT : kind);
    sql.add(wrapping.before());
    if (item.cast() == null) {
      output.fields().field(field);
      sql.add(typeAsKnown(field, column));
    } else {
      sql.add("CAST(");
      output.fields().field(field).add(" AS " + item.cast() + ")");
    }
    sql.add(wrapping.after());
  }

  private static OutputKind kindOf(SelectItem.Value item, RelationColumn column) {
    if (item.cast() != null) {
      return item.cast().equals("text") ? OutputKind.TEXT : OutputKind.CONVERTED;
    }
    if (item.field().path().isEmpty()) {
      return column.kind();
    }
    return item.field().path().getLast().asText() ? OutputKind.TEXT : OutputKind.JSON;
  }

  /**
   * What the database prints and the answer passes on as it is has to be of the type that is known:
   * where the column has become a text meanwhile, it is no number and no JSON.
   */
  private static String typeAsKnown(Field field, RelationColumn column) {
    boolean passedOn = column.kind() == OutputKind.NUMBER || column.kind() == OutputKind.JSON;
    return passedOn && field.path().isEmpty() ? "::" + column.castType() : "";
  }

  private void from(SqlText sql) {
    sql.add(" FROM ").name(relation.schema()).add(".").name(relation.name()).add(" AS " + ALIAS);
  }

  private void order(SqlText sql, ConditionSql fields) throws QueryRefused {
    String before = " ORDER BY ";
    for (OrderTerm term : request.order()) {
      if (term.relation() != null) {
        throw QueryRefused.notEmbedded(term.relation());
      }
      sql.add(before);
      fields.field(term.field()).add(term.descending() ? " DESC" : "").add(term.nulls().sql());
      before = ", ";
    }
  }

  private void page(SqlText sql) {
    Long limit = request.page().limit();
    if (limit != null) {
      sql.add(" LIMIT ").value(Long.toString(limit), "bigint");
    }
    if (request.page().offset() > 0) {
      sql.add(" OFFSET ").value(Long.toString(request.page().offset()), "bigint");
    }
  }
}
