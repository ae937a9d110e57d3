package dev.escala.serve.rows;

import io.vertx.sqlclient.Row;

/** Writes the rows of one answer, as they come or some at a time. Of one thread. */
public interface AnswerWriter {

  /** What stands before the first row. */
  void open(Bytes out);

  /**
   * Takes a row.
   *
   * @return about how many octets it has in the answer
   * @throws RowWriter.ChangedType if a value is of another type than the catalog knows
   * @throws UnfitValue if a value has no place in its column
   */
  int row(Bytes out, Row row, boolean first);

  /**
   * Forgets the last row.
   *
   * @param octets that it had
   */
  void drop(Bytes out, int octets);

  /** What stands after the last row. */
  void close(Bytes out);

  /** Octets of memory for rows that were taken and are not written yet. */
  int held();

  /**
   * What is written last where an answer breaks off in the middle.
   *
   * @param error a JSON object
   */
  byte[] brokenOff(String error);
}
