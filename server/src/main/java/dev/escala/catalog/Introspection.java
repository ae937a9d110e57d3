package dev.escala.catalog;

/**
 * The statements that read a catalog, for PostgreSQL 15 to 18; {@code $1} are the exposed schemas.
 * What the product's own schema lets everybody read is read like a relation of these, whatever is
 * exposed.
 */
public final class Introspection {

  /**
   * One row a column, in order: schema, relation, relkind, relation comment, column, declared type,
   * cast type, whether it is an enum, nullable, column comment, whether it is in the primary key.
   * Types are only qualified reliably under an empty search path. Domains end at their base type.
   */
  public static final String COLUMNS =
      """
      WITH RECURSIVE base(oid, target) AS (
          SELECT t.oid, t.oid FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
        UNION ALL
          SELECT b.oid, t.typbasetype
          FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.target AND t.typtype = 'd')
      SELECT n.nspname::text, c.relname::text, c.relkind::text,
             pg_catalog.obj_description(c.oid, 'pg_class'),
             a.attname::text,
             pg_catalog.format_type(a.atttypid, a.atttypmod),
             pg_catalog.format_type(t.oid, -1),
             t.typtype = 'e',
             NOT a.attnotnull,
             pg_catalog.col_description(c.oid, a.attnum),
             coalesce(a.attnum = ANY (k.conkey), false)
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN LATERAL (
          SELECT b.target FROM base b JOIN pg_catalog.pg_type d ON d.oid = b.target
          WHERE b.oid = a.atttypid AND d.typtype <> 'd') b ON true
      JOIN pg_catalog.pg_type t ON t.oid = coalesce(b.target, a.atttypid)
      LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
      WHERE (n.nspname = ANY ($1)
             OR n.nspname = 'escala' AND pg_catalog.has_table_privilege('public', c.oid, 'SELECT'))
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND NOT c.relispartition
        AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        AND (pg_catalog.has_table_privilege(c.oid, 'SELECT')
             OR pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'))
      ORDER BY n.nspname, c.relname, a.attnum\
      """;

  /**
   * One row a unique key: schema, relation, array of columns. Partial indexes and those on
   * expressions tell nothing of all rows, and an index of a table nothing of the tables that
   * inherit from it.
   */
  public static final String UNIQUE_KEYS =
      """
      SELECT n.nspname::text, c.relname::text, pg_catalog.array_agg(a.attname::text)
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
      WHERE n.nspname = ANY ($1)
        AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND k.place <= i.indnkeyatts
        AND NOT (c.relkind = 'r' AND c.relhassubclass)
      GROUP BY n.nspname, c.relname, i.indexrelid\
      """;

  /** One row a name. */
  public static final String VOLATILE_FUNCTIONS =
      "SELECT DISTINCT proname::text FROM pg_catalog.pg_proc WHERE provolatile = 'v'";

  /**
   * One row with what the login may do beyond reading, itself or through a role that it may become:
   * null if nothing. A view of PostgreSQL's own that everybody may update does not count.
   */
  public static final String EXCESS_OF_LOGIN =
      """
      SELECT CASE
        WHEN pg_catalog.bool_or(r.rolsuper) THEN 'is a superuser, or may become one'
        WHEN pg_catalog.bool_or(r.rolname IN (
            'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files',
            'pg_write_all_data', 'pg_signal_backend'))
          THEN 'has rights on the whole server'
        WHEN EXISTS (
            SELECT FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_roles w ON pg_catalog.pg_has_role(w.oid, 'MEMBER')
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
              AND n.nspname NOT IN ('pg_catalog', 'information_schema')
              AND (pg_catalog.has_any_column_privilege(w.oid, c.oid, 'INSERT, UPDATE')
                   OR pg_catalog.has_table_privilege(w.oid, c.oid, 'DELETE, TRUNCATE')))
          THEN 'may write to a table'
        END
      FROM pg_catalog.pg_roles r WHERE pg_catalog.pg_has_role(r.oid, 'MEMBER')\
      """;

  /**
   * One text that changes with each change of a relation, its columns, comments, privileges or
   * indexes, of a function, or of what the login may do beyond reading.
   */
  public static final String FINGERPRINT =
      """
      SELECT pg_catalog.concat_ws('/',
          pg_catalog.count(DISTINCT c.oid), pg_catalog.count(*),
          pg_catalog.sum(c.xmin::text::bigint), pg_catalog.sum(a.xmin::text::bigint),
          (SELECT pg_catalog.concat_ws('/', pg_catalog.count(*), pg_catalog.sum(xmin::text::bigint))
           FROM pg_catalog.pg_proc),
          (%s))
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE (n.nspname = ANY ($1)
             OR n.nspname = 'escala' AND pg_catalog.has_table_privilege('public', c.oid, 'SELECT'))
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'i', 'I')\
      """
          .formatted(EXCESS_OF_LOGIN);

  private Introspection() {}
}
