/**
 * The loop of the write side: receive, decode, write, settle; backs off while the database is away,
 * and drains at shutdown.
 *
 * <p>Every message that it receives is settled with exactly one outcome.
 */
@NullMarked
package dev.escala.ingest;

import org.jspecify.annotations.NullMarked;
