/**
 * Messages from an Amazon SQS queue, directly or behind an SNS topic.
 *
 * <p>Long polling, deletion after commit, visibility kept alive for what is unsettled. The AWS SDK
 * stays inside this package.
 */
@NullMarked
package dev.escala.source.sqs;

import org.jspecify.annotations.NullMarked;
