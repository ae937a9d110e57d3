/**
 * Messages from topics of Apache Kafka, as a member of a consumer group; markers of the canary to
 * them.
 *
 * <p>Of each partition only that is committed which is settled without a gap, after the commit of
 * its rows. Kafka's client and Avro stay inside this package. A record without a value is rejected,
 * and a value that is not what the configuration says.
 */
@NullMarked
package dev.escala.source.kafka;

import org.jspecify.annotations.NullMarked;
