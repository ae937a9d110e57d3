package dev.escala.serve.columnar;

import dev.escala.query.ColumnType;

/** A column of an answer. */
record Column(String name, ColumnType type) {}
