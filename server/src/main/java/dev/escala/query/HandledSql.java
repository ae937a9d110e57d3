package dev.escala.query;

import dev.escala.catalog.MediaHandler;
import dev.escala.catalog.RelationName;
import dev.escala.model.SqlIdentifier;
import java.util.List;

/** Writes a read whose answer a function or an aggregate of the database makes. */
final class HandledSql {
  private HandledSql() {}

  /**
   * One row: how many rows were taken, how many octets the answer has, and these, where they are
   * not too many; no row where the function gave none.
   */
  static SqlStatement of(ReadNode root, MediaHandler handler, int mostOctets) throws QueryRefused {
    RelationName aggregate = handler.aggregate();
    String value = SqlIdentifier.quote(root.relation().name());
    SqlText sql = new SqlText();
    sql.add("SELECT m.n, pg_catalog.octet_length(m.v), CASE WHEN pg_catalog.octet_length(m.v) <= ");
    sql.add(mostOctets + " THEN m.v END FROM (SELECT ");
    sql.add(aggregate == null ? "1::bigint AS n, " : "pg_catalog.count(*) AS n, ");
    sql.add(octets(handler, aggregate == null ? "s." + value : applied(aggregate, handler)));
    sql.add(" AS v FROM (SELECT ");
    ReadSql.page(root, sql);
    // Behind an offset nothing is pulled up, which would make the answer several times.
    return sql.add(") AS s OFFSET 0) AS m").with(List.of());
  }

  private static String applied(RelationName aggregate, MediaHandler handler) {
    RelationName relation = handler.relation();
    String rows = relation == null ? "s.*" : "(s.*)::" + SqlText.name(relation);
    return SqlText.name(aggregate) + "(" + rows + ")";
  }

  private static String octets(MediaHandler handler, String value) {
    return handler.binary()
        ? "(" + value + ")::bytea"
        : "pg_catalog.convert_to((" + value + ")::text, 'UTF8')";
  }
}
