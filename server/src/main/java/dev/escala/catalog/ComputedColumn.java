package dev.escala.catalog;

/** A function of one row of a relation, which is read like one of its columns. */
public record ComputedColumn(RelationName function, RelationColumn column) {}
