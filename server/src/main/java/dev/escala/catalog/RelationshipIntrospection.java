package dev.escala.catalog;

/**
 * The statements that read which relations belong together, for PostgreSQL 15 to 18. What is not
 * exposed is read too: views may stand on it.
 */
public final class RelationshipIntrospection {

  /**
   * One row a foreign key: its name, schema and name of its table, its columns, schema and name of
   * what it refers to, the columns there, whether its columns are unique, and whether all of them
   * are in the primary key. Partitions have those of their parent.
   */
  public static final String FOREIGN_KEYS =
      """
      SELECT k.conname::text,
             n.nspname::text, c.relname::text, columns.names,
             fn.nspname::text, fc.relname::text, referenced.names,
             EXISTS (
               SELECT FROM pg_catalog.pg_index i
               WHERE i.indrelid = k.conrelid AND i.indisunique AND i.indisvalid
                 AND i.indpred IS NULL AND i.indexprs IS NULL
                 AND (i.indkey::int2[])[0:i.indnkeyatts - 1] <@ k.conkey),
             EXISTS (
               SELECT FROM pg_catalog.pg_constraint p
               WHERE p.conrelid = k.conrelid AND p.contype = 'p' AND k.conkey <@ p.conkey)
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class fc ON fc.oid = k.confrelid
      JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
      CROSS JOIN LATERAL (
        SELECT pg_catalog.array_agg(a.attname::text ORDER BY u.place) AS names
        FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u(attnum, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
      ) AS columns
      CROSS JOIN LATERAL (
        SELECT pg_catalog.array_agg(a.attname::text ORDER BY u.place) AS names
        FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u(attnum, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum
      ) AS referenced
      WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT c.relispartition AND NOT fc.relispartition
      ORDER BY n.nspname, c.relname, k.conname\
      """;

  /** One row a view: its number, and its rule for {@link ViewRule}. */
  public static final String VIEW_RULES =
      """
      SELECT c.oid::bigint, r.ev_action::text
      FROM pg_catalog.pg_rewrite r
      JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('v', 'm') AND r.rulename = '_RETURN'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')\
      """;

  /** One row a column of a view or of a table with foreign keys: numbers, and names. */
  public static final String COLUMN_NUMBERS =
      """
      SELECT c.oid::bigint, a.attnum::int, n.nspname::text, c.relname::text, a.attname::text
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND (c.relkind IN ('v', 'm')
             OR c.oid IN (SELECT conrelid FROM pg_catalog.pg_constraint WHERE contype = 'f')
             OR c.oid IN (SELECT confrelid FROM pg_catalog.pg_constraint WHERE contype = 'f'))\
      """;

  /**
   * One row a function of one row of a relation, in order: schema and name, those of the relation,
   * those of the relation of its result (null for a value), whether it gives a set, whether that
   * has one row, declared type of a value, cast type, and whether that is an enum. {@code $1} are
   * the schemas of the functions.
   */
  public static final String COMPUTED =
      """
      WITH RECURSIVE base(oid, target) AS (
          SELECT t.oid, t.oid FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
        UNION ALL
          SELECT b.oid, t.typbasetype
          FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.target AND t.typtype = 'd')
      SELECT fn.nspname::text, p.proname::text,
             n.nspname::text, c.relname::text,
             rn.nspname::text, rc.relname::text,
             p.proretset, p.prorows = 1,
             pg_catalog.format_type(p.prorettype, NULL),
             pg_catalog.format_type(t.oid, -1), t.typtype = 'e'
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace fn ON fn.oid = p.pronamespace
      JOIN pg_catalog.pg_type at ON at.oid = p.proargtypes[0]
      JOIN pg_catalog.pg_class c ON c.oid = at.typrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN LATERAL (
          SELECT b.target FROM base b JOIN pg_catalog.pg_type d ON d.oid = b.target
          WHERE b.oid = p.prorettype AND d.typtype <> 'd') b ON true
      JOIN pg_catalog.pg_type t ON t.oid = coalesce(b.target, p.prorettype)
      LEFT JOIN pg_catalog.pg_class rc
        ON rc.oid = t.typrelid AND rc.relkind IN ('r', 'p', 'v', 'm', 'f')
      LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
      WHERE p.pronargs = 1 AND p.prokind = 'f' AND p.provariadic = 0
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND fn.nspname = ANY ($1)
        AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
      ORDER BY fn.nspname, p.proname\
      """;

  private RelationshipIntrospection() {}
}
