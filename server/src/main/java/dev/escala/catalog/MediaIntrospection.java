package dev.escala.catalog;

/** The statement that reads aggregates which make answers, for PostgreSQL 15 to 18. */
public final class MediaIntrospection {
  /** A domain that is called like a media type. */
  static final String IS_MEDIA_TYPE =
      "(t.typtype = 'd' AND (t.typname ~* '^[a-z0-9.-]+/[a-z0-9.+-]+$' OR t.typname = '*/*'))";

  /**
   * One row an aggregate of the schemas {@code $1} over whole rows whose result is called like a
   * media type: that name, whether it is of octets, schema and name of the aggregate, schema and
   * name of the relation (null where it takes any row).
   */
  public static final String AGGREGATES =
      """
      SELECT t.typname::text, t.typbasetype = 'pg_catalog.bytea'::regtype,
             n.nspname::text, p.proname::text, rn.nspname::text, rc.relname::text
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_catalog.pg_type t ON t.oid = p.prorettype
      JOIN pg_catalog.pg_type a ON a.oid = p.proargtypes[0]
      LEFT JOIN pg_catalog.pg_class rc
        ON rc.oid = a.typrelid AND rc.relkind IN ('r', 'p', 'v', 'm', 'f')
      LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
      WHERE p.prokind = 'a' AND p.pronargs = 1 AND n.nspname = ANY ($1)
        AND (rc.oid IS NOT NULL OR a.oid = 'pg_catalog.anyelement'::regtype)
        AND %s
      ORDER BY pg_catalog.array_position($1, n.nspname::text), p.proname\
      """
          .formatted(IS_MEDIA_TYPE);

  private MediaIntrospection() {}
}
