package dev.escala.app;

import dev.escala.publish.Summary;
import dev.escala.source.sns.SnsTopic;
import java.util.List;

/** Publishes to an SNS topic; what becomes of the messages, only its subscribers know. */
final class SnsTopicPublisher implements Publisher {
  private final SnsTopic topic;

  SnsTopicPublisher(String arn) throws CommandFailed {
    try {
      this.topic = new SnsTopic(arn);
    } catch (IllegalArgumentException malformed) {
      throw CommandFailed.configuration(arn + " is not the ARN of an SNS topic");
    }
  }

  @Override
  public int batchSize() {
    return SnsTopic.MAX_BATCH;
  }

  @Override
  public int batchBytes() {
    return SnsTopic.MAX_BYTES;
  }

  @Override
  public int messageBytes() {
    return SnsTopic.MAX_BYTES;
  }

  @Override
  public Summary publish(List<String> messages, long before) throws CommandFailed {
    try {
      List<String> refusals =
          topic.publish(messages).stream()
              .map(
                  refusal ->
                      "message %,d: %s"
                          .formatted(before + refusal.position() + 1, refusal.reason()))
              .toList();
      return new Summary(messages.size() - refusals.size(), 0, 0, refusals.size(), refusals);
    } catch (SnsTopic.SnsFailure failure) {
      throw CommandFailed.failed(failure.getMessage());
    }
  }

  @Override
  public void close() {
    topic.close();
  }
}
