package dev.escala.archive;

import org.apache.iceberg.io.FileIO;

/** Files of a table of which nobody but the files themselves says what is the current state. */
interface TableFiles extends FileIO {
  /**
   * Makes a file where there is none; of several who do that at once one alone succeeds.
   *
   * @return whether it did
   */
  boolean create(String location, byte[] content);
}
