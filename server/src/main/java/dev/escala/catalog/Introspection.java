package dev.escala.catalog;

/**
 * The statements that read a catalog, for PostgreSQL 15 to 18; {@code $1} are the exposed schemas.
 * What the product's own schema lets everybody read is read like a relation of these, whatever is
 * exposed.
 */
public final class Introspection {

  /**
   * One row a column, in order: schema, relation, relkind, relation comment, column, declared type,
   * cast type, whether it is an enum, nullable, column comment, whether it is in the primary key;
   * schema and name of the function that makes JSON of its domain, and of the one that makes the
   * domain of a text (or null); whether policies hold for it, and whether the type is one of
   * PostgreSQL's own. Types are only qualified reliably under an empty search path. Domains end at
   * their base type. A relation without columns is one row without a column. What the login may
   * read itself, or as a role that it may become for a caller; not what Citus says of its workers.
   */
  public static final String COLUMNS =
      """
      WITH RECURSIVE base(oid, target) AS (
          SELECT t.oid, t.oid FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
        UNION ALL
          SELECT b.oid, t.typbasetype
          FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.target AND t.typtype = 'd'),
      casts AS (
        SELECT s.castsource AS source, s.casttarget AS target,
               fn.nspname::text AS schema, f.proname::text AS name
        FROM pg_catalog.pg_cast s
        JOIN pg_catalog.pg_proc f ON f.oid = s.castfunc
        JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace)
      SELECT n.nspname::text, c.relname::text, c.relkind::text,
             pg_catalog.obj_description(c.oid, 'pg_class'),
             a.attname::text,
             pg_catalog.format_type(a.atttypid, a.atttypmod),
             pg_catalog.format_type(t.oid, -1),
             t.typtype = 'e',
             NOT a.attnotnull,
             pg_catalog.col_description(c.oid, a.attnum),
             coalesce(a.attnum = ANY (k.conkey), false),
             json.schema, json.name, parsed.schema, parsed.name,
             c.relrowsecurity, t.typnamespace = 'pg_catalog'::regnamespace OR t.typtype = 'e'
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN LATERAL (
          SELECT b.target FROM base b JOIN pg_catalog.pg_type d ON d.oid = b.target
          WHERE b.oid = a.atttypid AND d.typtype <> 'd') b ON true
      LEFT JOIN pg_catalog.pg_type t ON t.oid = coalesce(b.target, a.atttypid)
      LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
      LEFT JOIN casts json ON json.source = a.atttypid
        AND json.target = 'pg_catalog.json'::regtype AND t.oid <> a.atttypid
      LEFT JOIN casts parsed ON parsed.source = 'pg_catalog.text'::regtype
        AND parsed.target = a.atttypid AND t.oid <> a.atttypid
      WHERE (n.nspname = ANY ($1)
             OR n.nspname = 'escala' AND pg_catalog.has_table_privilege('public', c.oid, 'SELECT'))
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND NOT c.relispartition
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND e.extname = 'citus'
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
            AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e')
        AND (pg_catalog.has_schema_privilege(n.oid, 'USAGE')
             AND (pg_catalog.has_table_privilege(c.oid, 'SELECT')
                  OR pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'))
             OR EXISTS (
               SELECT FROM pg_catalog.pg_roles w
               WHERE pg_catalog.pg_has_role(w.oid, 'MEMBER')
                 AND pg_catalog.has_schema_privilege(w.oid, n.oid, 'USAGE')
                 AND (pg_catalog.has_table_privilege(w.oid, c.oid, 'SELECT')
                      OR pg_catalog.has_column_privilege(w.oid, c.oid, a.attnum, 'SELECT'))))
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

  /**
   * One row with four arrays of names: functions of the exposed schemas that SQL of a caller may
   * call, types of theirs to which it may cast, functions of all schemas that may have effects, and
   * what {@code (value).name} calls. What an extension brought was looked at by nobody here, and
   * what is named like something of PostgreSQL is it. A column hides a function of its name, but
   * none that may have effects: who publishes may make columns.
   */
  public static final String SQL_NAMES =
      """
      SELECT ARRAY(
          SELECT p.proname::text
          FROM pg_catalog.pg_proc p
          JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
          LEFT JOIN pg_catalog.pg_depend d
            ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
          WHERE n.nspname = ANY ($1)
            AND p.proname NOT IN (
              SELECT s.proname FROM pg_catalog.pg_proc s
              WHERE s.pronamespace = 'pg_catalog'::regnamespace)
          GROUP BY p.proname
          HAVING pg_catalog.bool_and(p.provolatile <> 'v' AND d.objid IS NULL)),
        ARRAY(
          SELECT t.typname::text
          FROM pg_catalog.pg_type t
          JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
          WHERE n.nspname = ANY ($1) AND t.typtype IN ('c', 'd', 'e')
            AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_depend d
              WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid
                AND d.deptype = 'e')
            AND t.typname NOT IN (
              SELECT s.typname FROM pg_catalog.pg_type s
              WHERE s.typnamespace = 'pg_catalog'::regnamespace)),
        ARRAY(
          SELECT DISTINCT p.proname::text FROM pg_catalog.pg_proc p
          WHERE p.provolatile = 'v' AND p.pronamespace <> 'pg_catalog'::regnamespace),
        ARRAY(
          SELECT p.proname::text
          FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
          WHERE (n.nspname = 'pg_catalog' OR n.nspname = ANY ($1))
            AND p.pronargs >= 1 AND p.pronargs - p.pronargdefaults <= 1
            AND (p.provolatile = 'v' OR NOT EXISTS (
              SELECT FROM pg_catalog.pg_attribute a
              WHERE a.attname = p.proname AND NOT a.attisdropped))
          UNION
          SELECT t.typname::text
          FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
          WHERE (n.nspname = 'pg_catalog' OR n.nspname = ANY ($1)) AND t.typtype NOT IN ('c', 'e')
            AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_attribute a
              WHERE a.attname = t.typname AND NOT a.attisdropped))\
      """;

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
   * indexes, of a constraint, the rule of a view, a function or a type, of what roles are set to,
   * or of what the login may do beyond reading.
   */
  public static final String FINGERPRINT =
      """
      SELECT pg_catalog.concat_ws('/',
          pg_catalog.count(DISTINCT c.oid), pg_catalog.count(*),
          pg_catalog.sum(c.xmin::text::bigint), pg_catalog.sum(a.xmin::text::bigint),
          (SELECT pg_catalog.concat_ws('/', pg_catalog.count(*), pg_catalog.sum(xmin::text::bigint))
           FROM pg_catalog.pg_proc),
          (SELECT pg_catalog.concat_ws('/', pg_catalog.count(*), pg_catalog.sum(xmin::text::bigint))
           FROM pg_catalog.pg_constraint),
          (SELECT pg_catalog.concat_ws('/', pg_catalog.count(*), pg_catalog.sum(xmin::text::bigint))
           FROM pg_catalog.pg_rewrite),
          (SELECT pg_catalog.concat_ws('/', pg_catalog.count(*), pg_catalog.sum(xmin::text::bigint))
           FROM pg_catalog.pg_cast),
          (SELECT pg_catalog.concat_ws('/', pg_catalog.count(*), pg_catalog.sum(t.xmin::text::bigint))
           FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
           WHERE n.nspname = ANY ($1)),
          (SELECT pg_catalog.count(*) FROM pg_catalog.pg_roles
           WHERE pg_catalog.pg_has_role(oid, 'MEMBER')),
          (SELECT pg_catalog.concat_ws('/', pg_catalog.count(*), pg_catalog.sum(xmin::text::bigint))
           FROM pg_catalog.pg_db_role_setting),
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
