package dev.escala.catalog;

/** The statement that reads functions, for PostgreSQL 15 to 18. */
public final class RoutineIntrospection {

  /**
   * One row a function of the schemas {@code $1} that the login may execute, in order: schema,
   * name, comment, whether it is VOLATILE, whether it gives a set; of its parameters names, types,
   * and how many of the last have defaults, and whether the last is variadic; of its result the
   * type, whether that is void, whether it is untyped, whether it is an enum, schema and name of
   * the relation whose type it is (or null); names, declared types, and whether each is an enum, of
   * the columns that it declares itself (or null); its media type, where it gives one value of a
   * domain that is called like one (or null), and whether that is of octets. What an extension
   * brought is left out: nobody meant to publish it.
   */
  public static final String ROUTINES =
      """
      SELECT n.nspname::text, p.proname::text,
             pg_catalog.obj_description(p.oid, 'pg_proc'),
             p.provolatile = 'v', p.proretset,
             parameters.names, parameters.types, p.pronargdefaults::int, p.provariadic <> 0,
             pg_catalog.format_type(t.oid, -1),
             t.oid = 'pg_catalog.void'::regtype,
             t.oid = 'pg_catalog.record'::regtype AND columns.names IS NULL,
             t.typtype = 'e',
             rn.nspname::text, rc.relname::text,
             columns.names, columns.types, columns.enums,
             CASE WHEN %s AND NOT p.proretset THEN t.typname::text END,
             t.typbasetype = 'pg_catalog.bytea'::regtype
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_catalog.pg_type t ON t.oid = p.prorettype
      LEFT JOIN pg_catalog.pg_class rc
        ON rc.oid = t.typrelid AND rc.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
      LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
      CROSS JOIN LATERAL (
        SELECT coalesce(pg_catalog.array_agg(coalesce(p.proargnames[u.place], '') ORDER BY u.place), '{}')
                 AS names,
               coalesce(
                 pg_catalog.array_agg(pg_catalog.format_type(u.type, NULL) ORDER BY u.place), '{}')
                 AS types
        FROM pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]))
          WITH ORDINALITY AS u(type, place)
        WHERE coalesce(p.proargmodes[u.place], 'i') IN ('i', 'b', 'v')
      ) AS parameters
      CROSS JOIN LATERAL (
        SELECT pg_catalog.array_agg(coalesce(p.proargnames[u.place], '') ORDER BY u.place) AS names,
               pg_catalog.array_agg(pg_catalog.format_type(u.type, NULL) ORDER BY u.place) AS types,
               pg_catalog.array_agg(ut.typtype = 'e' ORDER BY u.place) AS enums
        FROM pg_catalog.unnest(p.proallargtypes) WITH ORDINALITY AS u(type, place)
        JOIN pg_catalog.pg_type ut ON ut.oid = u.type
        WHERE p.proargmodes[u.place] IN ('o', 'b', 't')
      ) AS columns
      WHERE p.prokind = 'f' AND n.nspname = ANY ($1)
        AND t.oid NOT IN ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)
        AND (pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
             OR EXISTS (
               SELECT FROM pg_catalog.pg_roles w
               WHERE pg_catalog.pg_has_role(w.oid, 'MEMBER')
                 AND pg_catalog.has_function_privilege(w.oid, p.oid, 'EXECUTE')))
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
      ORDER BY n.nspname, p.proname, p.oid\
      """
          .formatted(MediaIntrospection.IS_MEDIA_TYPE);

  /** One row a column of a composite type that is no relation: schema, type, column, type, enum. */
  public static final String COMPOSITES =
      """
      SELECT n.nspname::text, c.relname::text, a.attname::text,
             pg_catalog.format_type(a.atttypid, NULL), t.typtype = 'e'
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE c.relkind = 'c' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      ORDER BY n.nspname, c.relname, a.attnum\
      """;

  private RoutineIntrospection() {}
}
