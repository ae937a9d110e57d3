/**
 * What no plan may contain: one rule for each sentence, most of them with the number that Checkov
 * gives to the same check, so that the list can be compared with it.
 */
@NullMarked
package dev.escala.infra.policy;

import org.jspecify.annotations.NullMarked;
