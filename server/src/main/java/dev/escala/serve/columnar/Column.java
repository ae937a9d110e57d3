package dev.escala.serve.columnar;

import dev.escala.query.ColumnType;

/**
 * A column of an answer, or of a file.
 *
 * @param id by which a table of files knows the column; 0 where nobody does
 * @param elementId the same of the elements of its lists
 */
record Column(String name, ColumnType type, int id, int elementId) {
  Column(String name, ColumnType type) {
    this(name, type, 0, 0);
  }
}
