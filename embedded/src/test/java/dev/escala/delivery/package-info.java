/**
 * The pipeline: rules that the workflows keep, and the deployment scripts against a cloud of tests.
 */
@NullMarked
package dev.escala.delivery;

import org.jspecify.annotations.NullMarked;
