/**
 * Random schedules of faults against whole instances of the ingest: what is killed, cut, stalled,
 * refused and repeated, and the account that has to come out even afterwards.
 */
@NullMarked
package dev.escala.ingest.faults;

import org.jspecify.annotations.NullMarked;
