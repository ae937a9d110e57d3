/**
 * The past on object storage: closed partitions of a topic's table become files of Apache Parquet
 * in a table of Apache Iceberg, are read back and compared, and only then dropped.
 *
 * <p>Rejects a value that has no place in the type of its column, and a file that does not hold
 * what its partition holds. Nothing of Iceberg is loaded before a topic has an archive.
 */
@NullMarked
package dev.escala.archive;

import org.jspecify.annotations.NullMarked;
