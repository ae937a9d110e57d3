/**
 * Files that are loaded into the tables of topics past all sources: the way of what was there
 * before there was a topic.
 */
@NullMarked
package dev.escala.backfill;

import org.jspecify.annotations.NullMarked;
