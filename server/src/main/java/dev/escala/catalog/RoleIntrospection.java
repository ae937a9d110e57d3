package dev.escala.catalog;

/** The statement that reads what belongs to roles, for PostgreSQL 15 to 18. */
public final class RoleIntrospection {

  /**
   * One row a setting that {@code ALTER ROLE … SET} gave to a role which the login may become:
   * role, setting, value. What is given for this database goes before what is given for all. Left
   * out is what the login may not set, what another part of the server decides (the search path,
   * that it only reads), and what would give values another form.
   */
  public static final String SETTINGS =
      """
      SELECT DISTINCT ON (r.rolname, s.name) r.rolname::text, s.name, v.value
      FROM pg_catalog.pg_db_role_setting c
      JOIN pg_catalog.pg_roles r ON r.oid = c.setrole
      CROSS JOIN LATERAL pg_catalog.unnest(c.setconfig) AS u(setting)
      CROSS JOIN LATERAL (
        SELECT pg_catalog.split_part(u.setting, '=', 1) AS name,
               pg_catalog.substr(u.setting, pg_catalog.strpos(u.setting, '=') + 1) AS value
      ) AS v
      JOIN pg_catalog.pg_settings s ON pg_catalog.lower(s.name) = pg_catalog.lower(v.name)
      WHERE c.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d
                                  WHERE d.datname = pg_catalog.current_database()))
        AND pg_catalog.pg_has_role(r.oid, 'MEMBER')
        AND (s.context = 'user' OR pg_catalog.has_parameter_privilege(s.name, 'SET'))
        AND s.name NOT IN (
          'search_path', 'role', 'session_authorization', 'default_transaction_read_only',
          'transaction_read_only', 'transaction_isolation', 'transaction_deferrable',
          'application_name', 'client_encoding', 'TimeZone', 'DateStyle', 'IntervalStyle',
          'extra_float_digits', 'standard_conforming_strings', 'bytea_output', 'xmlbinary')
      ORDER BY r.rolname, s.name, c.setdatabase DESC\
      """;

  private RoleIntrospection() {}
}
