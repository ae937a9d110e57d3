package dev.escala.embedded;

import java.net.URI;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** An SQS of this process, on loopback; what is in its queues ends with it. */
public final class EmbeddedQueue implements AutoCloseable {
  private static final String REGION = "us-east-1";

  private final SQSRestServer server;
  private final SqsClient client;

  private EmbeddedQueue(SQSRestServer server) {
    this.server = server;
    this.client =
        SqsClient.builder()
            .endpointOverride(endpoint())
            .region(Region.of(REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("demo", "demo")))
            .build();
  }

  public static EmbeddedQueue start() {
    SQSRestServer server =
        SQSRestServerBuilder.withInterface("localhost").withDynamicPort().start();
    server.waitUntilStarted();
    return new EmbeddedQueue(server);
  }

  public URI endpoint() {
    return URI.create("http://localhost:" + server.waitUntilStarted().localAddress().getPort());
  }

  /** A client that is logged in. */
  public SqsClient client() {
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
    // It would wait for the ends of long polls whose clients are gone.
    var _ = server.stopAndGetFuture();
  }
}
