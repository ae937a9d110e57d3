package dev.escala.testing;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** An SQS with AWS's strict limits, one for all tests of a JVM; each test takes its own queue. */
public final class SqsServer implements AutoCloseable {
  private static final AtomicInteger QUEUES = new AtomicInteger();
  private static final SqsServer SHARED = start(0);

  private final SQSRestServer server;
  private final int port;
  private final SqsClient client;

  private SqsServer(SQSRestServer server) {
    this.server = server;
    this.port = server.waitUntilStarted().localAddress().getPort();
    this.client = client(List.of());
  }

  public static SqsServer shared() {
    return SHARED;
  }

  /** A server of the test's own, on this port or, for 0, on a free one. */
  public static SqsServer start(int port) {
    return new SqsServer(SQSRestServerBuilder.withInterface("localhost").withPort(port).start());
  }

  public URI endpoint() {
    return URI.create("http://localhost:" + port);
  }

  public int port() {
    return port;
  }

  /** A client whose calls pass these interceptors, for tests in which SQS misbehaves. */
  public SqsClient client(List<ExecutionInterceptor> interceptors) {
    return SqsClient.builder()
        .endpointOverride(endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .overrideConfiguration(o -> o.executionInterceptors(interceptors))
        .build();
  }

  /** A new queue that hides what was received for so many seconds. */
  public Queue newQueue(int visibilitySeconds) {
    return newQueue("test-" + QUEUES.incrementAndGet(), visibilitySeconds);
  }

  public Queue newQueue(String name, int visibilitySeconds) {
    return newQueue(
        name, Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, Integer.toString(visibilitySeconds)));
  }

  /** A new queue that keeps the order of groups. */
  public Queue newFifoQueue(int visibilitySeconds) {
    return newQueue(
        "test-" + QUEUES.incrementAndGet() + ".fifo",
        Map.of(
            QueueAttributeName.VISIBILITY_TIMEOUT,
            Integer.toString(visibilitySeconds),
            QueueAttributeName.FIFO_QUEUE,
            "true",
            QueueAttributeName.CONTENT_BASED_DEDUPLICATION,
            "true"));
  }

  private Queue newQueue(String name, Map<QueueAttributeName, String> attributes) {
    return new Queue(
        client, client.createQueue(r -> r.queueName(name).attributes(attributes)).queueUrl());
  }

  @Override
  public void close() {
    client.close();
    server.stopAndWait();
  }

  /** A queue, for arranging and asserting. */
  public record Queue(SqsClient client, String url) {

    public void send(String body) {
      client.sendMessage(request -> request.queueUrl(url).messageBody(body));
    }

    /** Sends into a group. */
    public void sendTo(String group, String body) {
      client.sendMessage(r -> r.queueUrl(url).messageBody(body).messageGroupId(group));
    }

    public void sendAll(List<String> bodies) {
      for (int from = 0; from < bodies.size(); from += 10) {
        List<String> batch = bodies.subList(from, Math.min(bodies.size(), from + 10));
        List<SendMessageBatchRequestEntry> entries =
            IntStream.range(0, batch.size()).mapToObj(i -> entry(i, batch.get(i))).toList();
        var sent = client.sendMessageBatch(request -> request.queueUrl(url).entries(entries));
        if (sent.hasFailed()) {
          throw new IllegalStateException(sent.failed().getFirst().message());
        }
      }
    }

    private static SendMessageBatchRequestEntry entry(int id, String body) {
      return SendMessageBatchRequestEntry.builder()
          .id(Integer.toString(id))
          .messageBody(body)
          .build();
    }

    /** Messages that nobody has deleted yet, hidden or not. */
    public int size() {
      return attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
          + attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
    }

    /** Messages that somebody received and did not delete. */
    public int hidden() {
      return attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
    }

    /** Messages that are received more often than so go to the other queue from now on. */
    public void redriveTo(Queue deadLetters, int maxReceiveCount) {
      String arn =
          client
              .getQueueAttributes(
                  request ->
                      request
                          .queueUrl(deadLetters.url())
                          .attributeNames(QueueAttributeName.QUEUE_ARN))
              .attributes()
              .get(QueueAttributeName.QUEUE_ARN);
      String policy =
          "{\"deadLetterTargetArn\": \"%s\", \"maxReceiveCount\": \"%d\"}"
              .formatted(arn, maxReceiveCount);
      client.setQueueAttributes(
          request ->
              request.queueUrl(url).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)));
    }

    private int attribute(QueueAttributeName name) {
      return Integer.parseInt(
          client
              .getQueueAttributes(request -> request.queueUrl(url).attributeNames(name))
              .attributes()
              .getOrDefault(name, "0"));
    }
  }
}
