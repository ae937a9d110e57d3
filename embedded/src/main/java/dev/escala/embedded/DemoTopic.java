package dev.escala.embedded;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands in for an SNS topic with one subscription: puts each message into the queue in the
 * envelope in which AWS delivers it.
 *
 * <p>The MessageId is made from the topic and the position of the record, so that publishing the
 * same records again, after an interrupted start, gives duplicates and not rows.
 */
final class DemoTopic {
  private static final int BATCH = 10;
  private static final int SENDERS = 4;
  private static final String ARN = "arn:aws:sns:us-east-1:000000000000:";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final SqsClient client;
  private final String queueUrl;
  private final String topic;

  DemoTopic(SqsClient client, String queueUrl, String topic) {
    this.client = client;
    this.queueUrl = queueUrl;
    this.topic = topic;
  }

  /** The id under which the record at this position is published, and stored. */
  UUID messageId(int position) {
    return UUID.nameUUIDFromBytes((topic + "/" + position).getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes all records, several batches at a time; returns when SQS has them. */
  void publish(List<String> records) throws InterruptedException {
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      List<Future<?>> batches = new ArrayList<>();
      for (int from = 0; from < records.size(); from += BATCH) {
        int start = from;
        int end = Math.min(records.size(), from + BATCH);
        batches.add(senders.submit(() -> send(start, records.subList(start, end))));
      }
      for (Future<?> batch : batches) {
        await(batch);
      }
    }
  }

  private static void await(Future<?> batch) throws InterruptedException {
    try {
      batch.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException("the embedded SQS refused messages", failure.getCause());
    }
  }

  private void send(int start, List<String> records) {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      entries.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(i))
              .messageBody(envelope(start + i, records.get(i)))
              .build());
    }
    SendMessageBatchResponse response =
        client.sendMessageBatch(request -> request.queueUrl(queueUrl).entries(entries));
    if (response.hasFailed()) {
      throw new IllegalStateException(response.failed().getFirst().message());
    }
  }

  /** The members of a notification in the order in which SNS writes them. */
  private String envelope(int position, String message) {
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("Type", "Notification");
    envelope.put("MessageId", messageId(position).toString());
    envelope.put("TopicArn", ARN + topic);
    envelope.put("Message", message);
    envelope.put("Timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    envelope.put("SignatureVersion", "1");
    envelope.put("Signature", "EXAMPLE");
    envelope.put(
        "SigningCertURL",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-example.pem");
    envelope.put(
        "UnsubscribeURL",
        "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=" + ARN + topic);
    return JSON.writeValueAsString(envelope);
  }
}
