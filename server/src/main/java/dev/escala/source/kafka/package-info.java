/**
 * Messages from topics of Apache Kafka, as a member of a consumer group.
 *
 * <p>Of each partition only that is committed which is settled without a gap, after the commit of
 * its rows. Kafka's client stays inside this package. A record without a value is rejected.
 */
@NullMarked
package dev.escala.source.kafka;

import org.jspecify.annotations.NullMarked;
