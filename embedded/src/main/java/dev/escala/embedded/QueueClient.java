package dev.escala.embedded;

import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Logged in at an emulated SQS, of this process or of another. */
public final class QueueClient implements AutoCloseable {
  private static final String REGION = "us-east-1";

  private final URI endpoint;
  private final SqsClient client;

  /** Nothing is asked yet. */
  public QueueClient(URI endpoint) {
    this.endpoint = endpoint;
    this.client =
        SqsClient.builder()
            .endpointOverride(endpoint)
            .region(Region.of(REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("demo", "demo")))
            .build();
  }

  public URI endpoint() {
    return endpoint;
  }

  /** Ends with this. */
  public SqsClient sqs() {
    return client;
  }

  /** Makes the queue, as the Terraform does, and gives its URL. */
  public String create(String queue) {
    return client
        .createQueue(
            request ->
                request
                    .queueName(queue)
                    .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "120")))
        .queueUrl();
  }

  @Override
  public void close() {
    client.close();
  }
}
