/**
 * Proves the Terraform of infra/: its modules one by one with a mocked provider, what a plan may
 * never contain, and the whole system applied to an emulator of AWS, where a message travels from
 * the topic to the API. Needs Terraform with the AWS provider in a folder, and moto for the last
 * part; what is missing is skipped by name.
 */
@NullMarked
package dev.escala.infra;

import org.jspecify.annotations.NullMarked;
