package dev.escala.query;

import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relationship;
import dev.escala.model.SqlIdentifier;
import dev.escala.query.ReadNode.Embedded;
import dev.escala.query.SqlStatement.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes one read as SQL. Each embedded relation is a subquery beside its parent's rows: of one
 * that is a member of them with a column {@code j}, its JSON; of one that is spread with {@code
 * c1}, {@code c2} and so on, its values.
 */
final class ReadSql {
  /** So many rows of another relation each row may hold; the JSON of them is held in memory. */
  private static final long MOST_HELD = 10_000;

  private final SqlText sql;

  /** Whether only the number of rows counts: of what is embedded, whether it is there. */
  private final boolean counting;

  /** Through the relation of the path. */
  private final @Nullable Walk walk;

  /** Of the relation of the path; empty where there is none. */
  private final String guard;

  private int relatedOrders;

  private ReadSql(SqlText sql, boolean counting, @Nullable Walk walk) {
    this(sql, counting, walk, "");
  }

  private ReadSql(SqlText sql, boolean counting, @Nullable Walk walk, String guard) {
    this.sql = sql;
    this.counting = counting;
    this.walk = walk;
    this.guard = guard;
  }

  /**
   * The rows of the page; behind their values those that tell the position of a walk.
   *
   * @param guard a condition that is no part of what is asked; empty for none
   */
  static SqlStatement rows(
      ReadNode root, ValueForm form, boolean zoned, @Nullable Walk walk, String guard)
      throws QueryRefused {
    SqlText sql = new SqlText();
    List<Output> outputs = Outputs.of(root);
    List<OutputColumn> columns = new ArrayList<>(outputs.size());
    sql.add("SELECT ");
    for (Output output : finished(outputs)) {
      boolean isText = form == ValueForm.TEXT;
      boolean inZone = zoned && output.kind() == OutputKind.TIMESTAMPTZ;
      OutputKind kind = inZone ? OutputKind.CONVERTED : output.kind();
      Wrapping wrapping = Wrapping.of(kind, form);
      sql.add(columns.isEmpty() ? "" : ", ");
      sql.add(wrapping.before()).add(output.sql()).add(wrapping.after());
      OutputKind written = isText ? OutputKind.TEXT : kind;
      columns.add(new OutputColumn(output.name(), written, output.declared()));
    }
    // A result without columns has no rows on the wire; the writer leaves this one out.
    sql.add(columns.isEmpty() ? "1" : "");
    for (String value : walk == null ? List.<String>of() : walk.values()) {
      sql.add(", ").add(value);
    }
    ReadSql read = new ReadSql(sql, false, walk, guard);
    root.from(sql);
    read.rest(root, "", outputs, false);
    return sql.with(columns);
  }

  /** What tells the position of the last row of a full page; no row where it is not full. */
  static SqlStatement lastOfPage(ReadNode root, Walk walk, long limit) throws QueryRefused {
    SqlText sql = new SqlText().add("SELECT 1");
    for (String value : walk.values()) {
      sql.add(", ").add(value);
    }
    ReadSql read = new ReadSql(sql, false, walk);
    root.from(sql);
    read.joins(root);
    read.where(root, "");
    sql.add(" ORDER BY ").add(String.join(", ", read.terms(root, List.of())));
    read.page(new Page(limit - 1, 1L), false);
    return sql.with(List.of());
  }

  /** Writes the rows of the page with columns of the database's own types, behind SELECT. */
  static void page(ReadNode root, SqlText sql) throws QueryRefused {
    boolean isOfWholeRows = root.request().isOfWholeRows();
    List<Output> outputs = isOfWholeRows ? List.of() : Outputs.of(root);
    if (isOfWholeRows) {
      sql.add(root.alias()).add(".*");
    } else {
      sql.add(named(outputs));
    }
    root.from(sql);
    new ReadSql(sql, false, null).rest(root, "", outputs, false);
  }

  private static String named(List<Output> outputs) {
    return outputs.isEmpty()
        ? "1 AS one"
        : finished(outputs).stream()
            .map(output -> output.sql() + " AS " + SqlIdentifier.quote(output.name()))
            .collect(Collectors.joining(", "));
  }

  /** As many rows as there are without a page, of which only the number counts. */
  static SqlStatement counting(ReadNode root, String head) throws QueryRefused {
    SqlText sql = new SqlText();
    ReadSql read = new ReadSql(sql.add(head), true, null);
    boolean isDistinct = root.request().beyond().distinct();
    sql.add(isDistinct ? " FROM (SELECT 1" : "");
    root.from(sql);
    read.joins(root);
    read.where(root, "");
    if (isDistinct) {
      read.groups(root, Outputs.of(root));
      sql.add(") AS s");
    }
    return sql.with(List.of());
  }

  private static List<Output> finished(List<Output> outputs) {
    List<Output> finished = new ArrayList<>(outputs.size());
    for (Output output : outputs) {
      finished.add(output.finished());
    }
    return finished;
  }

  /** What follows FROM. */
  private void rest(ReadNode node, String joined, List<Output> outputs, boolean isHeld)
      throws QueryRefused {
    joins(node);
    List<String> order = counting ? List.of() : terms(node, outputs);
    where(node, joined);
    groups(node, outputs);
    sql.add(order.isEmpty() ? "" : " ORDER BY ").add(String.join(", ", order));
    page(node.request().page(), isHeld);
  }

  private void joins(ReadNode node) throws QueryRefused {
    for (Embedded embed : node.embedded()) {
      boolean isNeeded = !counting || embed.item().inner() || isAskedFor(node, embed);
      if (isNeeded) {
        join(node, embed);
      }
    }
  }

  private static boolean isAskedFor(ReadNode node, Embedded embed) {
    return node.request().conditions().stream().anyMatch(each -> asksFor(each, embed));
  }

  private static boolean asksFor(Condition condition, Embedded embed) {
    return switch (condition) {
      case Condition.Group group ->
          group.conditions().stream().anyMatch(each -> asksFor(each, embed));
      case Condition.Filter filter ->
          ConditionSql.isNullTest(filter) && embed.isCalled(filter.field().column());
    };
  }

  private void join(ReadNode parent, Embedded embed) throws QueryRefused {
    sql.add(embed.item().inner() ? " INNER" : " LEFT").add(" JOIN LATERAL (");
    if (counting) {
      sql.add("SELECT 1 AS j FROM (SELECT 1");
      embedded(parent, embed, List.of());
      sql.add(") AS s LIMIT 1");
    } else if (embed.item().spread()) {
      spread(parent, embed);
    } else {
      member(parent, embed);
    }
    boolean mayBeEmpty = embed.item().inner() && !embed.isToOne();
    sql.add(") AS ").add(embed.alias());
    sql.add(" ON ").add(mayBeEmpty ? presence(embed) : "TRUE");
  }

  private void member(ReadNode parent, Embedded embed) throws QueryRefused {
    sql.add("SELECT ").add(embed.isToOne() ? "row_to_json(s.*)" : held("json_agg(s.*)"));
    // Values of the type json cannot be compared, as those are by which rows are grouped.
    sql.add(parent.isGrouped() ? "::jsonb AS j FROM (SELECT " : " AS j FROM (SELECT ");
    List<Output> outputs = Outputs.of(embed.node());
    sql.add(named(outputs));
    embedded(parent, embed, outputs);
    sql.add(") AS s");
  }

  /** Fails where there are too many; PostgreSQL has no other way to say so in an expression. */
  private static String held(String aggregate) {
    return "(CASE WHEN count(*) <= %d THEN %s ELSE ('%s ' || count(*))::json END)"
        .formatted(MOST_HELD, aggregate, QueryRefused.TOO_MANY_HELD);
  }

  private void spread(ReadNode parent, Embedded embed) throws QueryRefused {
    List<Output> outputs = Outputs.of(embed.node());
    if (!embed.isToOne()) {
      sql.add("SELECT count(*) AS n");
      for (int i = 1; i <= outputs.size(); i++) {
        sql.add(", " + held("json_agg(s.c" + i + ")")).add(parent.isGrouped() ? "::jsonb" : "");
        sql.add(" AS c" + i);
      }
      sql.add(" FROM (");
    }
    sql.add("SELECT ");
    int number = 0;
    for (Output output : outputs) {
      sql.add(number == 0 ? "" : ", ");
      // There is one row to count, or none.
      sql.add(output.sql().equals("*") ? "1" : output.sql()).add(" AS c" + ++number);
    }
    sql.add(outputs.isEmpty() ? "1 AS one" : "");
    embedded(parent, embed, List.of()); // what is aggregated is grouped where it is spread to
    sql.add(embed.isToOne() ? "" : ") AS s");
  }

  /** The rows that belong to one of the parent's. */
  private void embedded(ReadNode parent, Embedded embed, List<Output> outputs) throws QueryRefused {
    ReadNode node = embed.node();
    String alias = node.alias();
    String joined;
    switch (embed.relationship().join()) {
      case Relationship.Columns columns -> {
        node.from(sql);
        joined = equal(columns, parent.alias(), alias);
      }
      case Relationship.Junction junction -> {
        String between = "j" + alias;
        node.from(sql);
        sql.add(", ").add(junction.table()).add(" AS ").add(between);
        joined =
            equal(junction.toOrigin(), between, parent.alias())
                + " AND "
                + equal(junction.toTarget(), between, alias);
      }
      case Relationship.Computed computed -> {
        sql.add(" FROM ").add(computed.function());
        sql.add("(" + parent.alias() + ") AS ").add(alias);
        joined = "";
      }
    }
    rest(node, joined, outputs, !embed.isToOne());
  }

  private static String equal(Relationship.Columns columns, String local, String foreign) {
    return columns.pairs().stream()
        .map(
            pair ->
                "%s.%s = %s.%s"
                    .formatted(
                        local,
                        SqlIdentifier.quote(pair.local()),
                        foreign,
                        SqlIdentifier.quote(pair.foreign())))
        .collect(Collectors.joining(" AND "));
  }

  /** Whether a row has what is embedded in it. */
  private String presence(Embedded embed) {
    String alias = embed.alias();
    if (counting || !embed.item().spread()) {
      return "(" + alias + ".j IS NOT NULL)";
    }
    return embed.isToOne() ? "(" + alias + " IS DISTINCT FROM NULL)" : "(" + alias + ".n > 0)";
  }

  private void where(ReadNode node, String joined) throws QueryRefused {
    List<Condition> conditions = node.request().conditions();
    String before = " WHERE ";
    if (!joined.isEmpty()) {
      sql.add(before).add(joined);
      before = " AND ";
    }
    if (node.isRoot() && !guard.isEmpty()) {
      sql.add(before).add(guard);
      before = " AND ";
    }
    if (walk != null && node.isRoot() && !walk.isAtBeginning()) {
      walk.condition(sql.add(before));
      before = " AND ";
    }
    if (!conditions.isEmpty()) {
      sql.add(before);
      conditions(new FieldSql(node.relation(), node.alias()), node, conditions);
    }
  }

  private void conditions(Operands operands, ReadNode node, List<Condition> conditions)
      throws QueryRefused {
    new ConditionSql(operands, name -> node.embedded(name).map(this::presence), sql)
        .joined(conditions, " AND ");
  }

  /** By all that is not aggregated, where something is; and by all, where rows are distinct. */
  private void groups(ReadNode node, List<Output> outputs) throws QueryRefused {
    ReadRequest.Beyond beyond = node.request().beyond();
    if (beyond.distinct() || outputs.stream().anyMatch(Output::isAggregate)) {
      String groups =
          outputs.stream()
              .filter(output -> !output.isAggregate())
              .map(Output::sql)
              .collect(Collectors.joining(", "));
      sql.add(groups.isEmpty() ? "" : " GROUP BY ").add(groups);
    }
    if (!beyond.having().isEmpty()) {
      sql.add(" HAVING ");
      conditions(new AggregateSql(outputs), node, beyond.having());
    }
  }

  /** The terms; what they need of embedded relations is joined. */
  private List<String> terms(ReadNode node, List<Output> outputs) throws QueryRefused {
    List<String> terms = new ArrayList<>();
    for (OrderTerm term : node.request().order()) {
      String name = term.relation();
      String value = name == null ? own(node, term, outputs) : related(node, name, term.field());
      terms.add(value + (term.descending() ? " DESC" : "") + term.nulls().sql());
    }
    return terms;
  }

  /** An aggregate by its name, else a field: of what is grouped there is nothing else. */
  private static String own(ReadNode node, OrderTerm term, List<Output> outputs)
      throws QueryRefused {
    Field field = term.field();
    Optional<Output> aggregate =
        field.path().isEmpty() ? new AggregateSql(outputs).named(field.column()) : Optional.empty();
    return aggregate.isPresent()
        ? aggregate.get().finished().sql()
        : new FieldSql(node.relation(), node.alias()).of(field);
  }

  private String related(ReadNode node, String name, Field field) throws QueryRefused {
    Embedded embed = node.embedded(name).orElseThrow(() -> QueryRefused.notEmbedded(name));
    if (!embed.isToOne()) {
      throw QueryRefused.notToOne(node.relation().name(), name);
    }
    String alias = "o" + ++relatedOrders;
    FieldSql fields = new FieldSql(embed.node().relation(), embed.node().alias());
    sql.add(" LEFT JOIN LATERAL (SELECT ").add(fields.of(field)).add(" AS o");
    new ReadSql(sql, true, null).embedded(node, embed, List.of());
    sql.add(") AS ").add(alias).add(" ON TRUE");
    return alias + ".o";
  }

  private void page(Page page, boolean isHeld) {
    Long limit = page.limit();
    if (isHeld && (limit == null || limit > MOST_HELD)) {
      sql.add(" LIMIT " + (MOST_HELD + 1));
    } else if (limit != null) {
      sql.add(" LIMIT ").value(Long.toString(limit), "bigint");
    }
    if (page.offset() > 0) {
      sql.add(" OFFSET ").value(Long.toString(page.offset()), "bigint");
    }
  }
}
