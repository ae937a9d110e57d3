/**
 * From the text of a request to SQL: parse, plan against the catalog, render with bound parameters.
 *
 * <p>Pure. Parsing rejects what is not well formed, planning what does not exist, and the SQL
 * endpoint's rules what may not run.
 */
@NullMarked
package dev.escala.query;

import org.jspecify.annotations.NullMarked;
