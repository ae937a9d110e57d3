/**
 * Who is connected, and what each may take: connections, heads of requests that are not whole yet,
 * and answers that nobody reads. What one client takes beyond its share is refused or cut, so that
 * others are served.
 */
@NullMarked
package dev.escala.http.connection;

import org.jspecify.annotations.NullMarked;
