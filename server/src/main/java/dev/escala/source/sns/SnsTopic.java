package dev.escala.source.sns;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;

/** An SNS topic to publish to, with the credentials of the environment. */
public final class SnsTopic implements AutoCloseable {
  /** The most messages that SNS takes in one call. */
  public static final int MAX_BATCH = 10;

  /** Of a message, and of all in a batch: what a topic takes unless it is told to take more. */
  public static final int MAX_BYTES = 256 << 10;

  private static final Pattern ARN = Pattern.compile("arn:[a-z-]+:sns:([a-z0-9-]+):[0-9]{12}:.+");

  private final String arn;
  private final SnsClient client;

  /**
   * The region is the ARN's.
   *
   * @throws IllegalArgumentException if it is not the ARN of a topic
   */
  public SnsTopic(String arn) {
    Matcher parsed = ARN.matcher(arn);
    if (!parsed.matches()) {
      throw new IllegalArgumentException(arn + " is not the ARN of an SNS topic");
    }
    this.arn = arn;
    this.client = SnsClient.builder().region(Region.of(parsed.group(1))).build();
  }

  /**
   * Publishes up to {@link #MAX_BATCH} messages.
   *
   * @return why messages were refused: their position from 0, code and message
   * @throws SnsFailure if SNS does not answer, or refuses them all
   */
  public List<Refusal> publish(List<String> messages) throws SnsFailure {
    List<PublishBatchRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      entries.add(
          PublishBatchRequestEntry.builder()
              .id(Integer.toString(i))
              .message(messages.get(i))
              .build());
    }
    try {
      PublishBatchResponse response =
          client.publishBatch(request -> request.topicArn(arn).publishBatchRequestEntries(entries));
      return response.failed().stream()
          .map(f -> new Refusal(Integer.parseInt(f.id()), f.code() + " " + f.message()))
          .toList();
    } catch (SdkException failure) {
      throw new SnsFailure(arn + " cannot be published to: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** A message that SNS did not take. */
  public record Refusal(int position, String reason) {}

  /** SNS does not answer, or the topic may not be used. */
  public static final class SnsFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    SnsFailure(String sentence, Throwable cause) {
      super(sentence, cause);
      this.sentence = sentence;
    }

    @Override
    public String getMessage() {
      return sentence;
    }
  }
}
