package dev.escala.catalog;

/** The name of a relation or a function, with its schema. */
public record RelationName(String schema, String name) {
  @Override
  public String toString() {
    return schema + "." + name;
  }
}
