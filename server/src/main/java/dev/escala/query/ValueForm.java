package dev.escala.query;

/** In which form the values leave the database. */
public enum ValueForm {
  /** In binary where there is a writer, else as JSON. */
  JSON,
  /** As JSON, in which objects have no members that are null. */
  STRIPPED_JSON,
  /** As PostgreSQL prints them. */
  TEXT,
  /** In the types of the database, to be asked for before they are read. */
  OWN
}
