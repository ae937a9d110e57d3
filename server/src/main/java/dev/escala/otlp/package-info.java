/**
 * What the product counts, and spans of requests, sent to a collector by OTLP over HTTP: for who
 * has one and scrapes nothing. Off unless an endpoint is configured; then none of it is loaded.
 *
 * <p>What cannot be sent is told, and lost. Nobody waits for a collector.
 */
@NullMarked
package dev.escala.otlp;

import org.jspecify.annotations.NullMarked;
