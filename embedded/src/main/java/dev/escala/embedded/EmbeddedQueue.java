package dev.escala.embedded;

import java.net.URI;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;

/** An SQS of this process, on loopback; what is in its queues ends with it. */
public final class EmbeddedQueue implements AutoCloseable {
  private final SQSRestServer server;
  private final QueueClient client;

  private EmbeddedQueue(SQSRestServer server) {
    this.server = server;
    this.client =
        new QueueClient(
            URI.create("http://localhost:" + server.waitUntilStarted().localAddress().getPort()));
  }

  public static EmbeddedQueue start() {
    SQSRestServer server =
        SQSRestServerBuilder.withInterface("localhost").withDynamicPort().start();
    return new EmbeddedQueue(server);
  }

  public URI endpoint() {
    return client.endpoint();
  }

  /** A client that is logged in. */
  public SqsClient client() {
    return client.sqs();
  }

  /** Makes the queue, as the Terraform does, and gives its URL. */
  public String create(String queue) {
    return client.create(queue);
  }

  @Override
  public void close() {
    client.close();
    // It would wait for the ends of long polls whose clients are gone.
    var _ = server.stopAndGetFuture();
  }
}
