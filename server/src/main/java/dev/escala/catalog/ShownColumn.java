package dev.escala.catalog;

/** A column of a view that is, as it is, a column of another relation. */
public record ShownColumn(RelationName view, String column, RelationName relation, String of) {}
