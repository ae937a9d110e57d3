package dev.escala.source.sns;

import org.jspecify.annotations.Nullable;

/**
 * What the headers of a push say; null where one is missing.
 *
 * @param type of {@code x-amz-sns-message-type}
 * @param messageId of {@code x-amz-sns-message-id}, the same when SNS tries again
 * @param topicArn of {@code x-amz-sns-topic-arn}
 * @param rawDelivery of {@code x-amz-sns-rawdelivery}
 */
public record PushHead(
    @Nullable String type,
    @Nullable String messageId,
    @Nullable String topicArn,
    @Nullable String rawDelivery) {

  /** Whether the body is the payload alone; anything but a plain no is taken for it. */
  public boolean isRaw() {
    return rawDelivery != null && !rawDelivery.equals("false");
  }
}
