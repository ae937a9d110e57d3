package dev.escala.source.sns;

import dev.escala.source.sns.SnsTopic.SnsFailure;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsClientBuilder;

/**
 * Confirms subscriptions by the API of SNS. The address that a message names for it is never asked:
 * it could be any.
 */
final class Confirmations implements AutoCloseable {
  /** SNS itself waits some 15 seconds for the answer that depends on it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final @Nullable URI endpoint;
  private final ConcurrentMap<String, SnsClient> clients = new ConcurrentHashMap<>();

  /** At an emulator, or another address of the API; null: that of each region. */
  Confirmations(@Nullable URI endpoint) {
    this.endpoint = endpoint;
  }

  /** Confirms, so that only who has the right may end the subscription. */
  void confirm(TopicArn topic, String token) throws SnsFailure {
    try {
      var _ =
          client(topic.region())
              .confirmSubscription(
                  request ->
                      request
                          .topicArn(topic.text())
                          .token(token)
                          .authenticateOnUnsubscribe("true"));
    } catch (SdkException failure) {
      throw new SnsFailure(
          "The subscription to %s is not confirmed: %s"
              .formatted(topic.text(), failure.getMessage()),
          failure);
    }
  }

  private SnsClient client(String region) {
    return clients.computeIfAbsent(region, this::open);
  }

  private SnsClient open(String region) {
    SnsClientBuilder builder =
        SnsClient.builder()
            .region(Region.of(region))
            .overrideConfiguration(calls -> calls.apiCallTimeout(PATIENCE));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
      if ("http".equals(endpoint.getScheme())) {
        // Real credentials have no business in plain text.
        builder.credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("emulator", "emulator")));
      }
    }
    return builder.build();
  }

  @Override
  public void close() {
    clients.values().forEach(SnsClient::close);
  }
}
