package dev.escala.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Outcome;
import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.source.Delivery;
import dev.escala.testing.SqsServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** How settled messages leave the queue. */
@Tag("integration")
@Timeout(90)
class SqsDeletionTest extends SqsSourceRun {
  @Test
  void aDeletionThatFailedOnTheirSideIsTriedAgain() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    AtomicInteger deletions = new AtomicInteger();
    ExecutionInterceptor firstFails =
        new ExecutionInterceptor() {
          @Override
          public SdkRequest modifyRequest(
              Context.ModifyRequest context, ExecutionAttributes attributes) {
            return context.request() instanceof DeleteMessageBatchRequest deletion
                    && deletions.incrementAndGet() == 1
                ? deletion.toBuilder()
                    .entries(
                        deletion.entries().stream()
                            .map(entry -> entry.toBuilder().receiptHandle("nobody's").build())
                            .toList())
                    .build()
                : context.request();
          }

          @Override
          public SdkResponse modifyResponse(
              Context.ModifyResponse context, ExecutionAttributes attributes) {
            return context.response() instanceof DeleteMessageBatchResponse && deletions.get() == 1
                ? refused("InternalError", false)
                : context.response();
          }
        };
    SqsQueue failing = new SqsQueue(SqsServer.shared().client(List.of(firstFails)), queue.url());
    SqsSource source = keep(source(queue, failing));
    queue.send("{}");

    settle(next(source), Outcome.STORED);

    isEmptied(queue);
    source.close();
    assertThat(deletions).hasValue(2);
    assertThat(observer.all(AcknowledgementFailed.class)).isEmpty();
  }

  @Test
  void aDeletionThatFailedOnOurSideIsReportedAndNotTriedAgain() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    AtomicInteger deletions = new AtomicInteger();
    SqsSource source =
        open(
            queue,
            response -> {
              if (!(response instanceof DeleteMessageBatchResponse)) {
                return response;
              }
              deletions.incrementAndGet();
              return refused("ReceiptHandleIsInvalid", true);
            });
    queue.send("{}");

    settle(next(source), Outcome.STORED);
    source.close();

    assertThat(observer.all(AcknowledgementFailed.class))
        .extracting(AcknowledgementFailed::code)
        .containsExactly("ReceiptHandleIsInvalid");
    assertThat(deletions).hasValue(1);
  }

  private static SdkResponse refused(String code, boolean senderFault) {
    return DeleteMessageBatchResponse.builder()
        .failed(BatchResultErrorEntry.builder().id("0").code(code).senderFault(senderFault).build())
        .build();
  }

  @Test
  void aMessageThatIsTwiceInABatchIsSettledTwice() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    SqsSource source =
        open(
            queue,
            response ->
                response instanceof ReceiveMessageResponse received && received.hasMessages()
                    ? received.toBuilder()
                        .messages(
                            received.messages().stream()
                                .flatMap(message -> List.of(message, message).stream())
                                .toList())
                        .build()
                    : response);
    queue.send("{}");
    Delivery delivery = next(source);

    assertThat(delivery.messages()).hasSize(2);
    delivery.settle(List.of(Outcome.STORED, Outcome.DUPLICATE));

    isEmptied(queue);
    source.close();
    assertThat(observer.all(AcknowledgementFailed.class)).isEmpty();
  }

  @Test
  void aMessageThatCameAgainWhileUnsettledIsDeletedByItsLatestHandle() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    List<String> handles = Collections.synchronizedList(new ArrayList<>());
    SqsSource source =
        open(
            queue,
            response -> {
              if (response instanceof ReceiveMessageResponse received) {
                received.messages().forEach(message -> handles.add(message.receiptHandle()));
              }
              return response;
            });
    queue.send("{}");
    Delivery first = next(source);
    queue
        .client()
        .changeMessageVisibility(
            request ->
                request
                    .queueUrl(queue.url())
                    .receiptHandle(handles.getFirst())
                    .visibilityTimeout(0));
    Delivery second = next(source);

    assertThat(second.messages().getFirst().origin().attempt()).isEqualTo(2);
    settle(first, Outcome.STORED);
    isEmptied(queue);
    settle(second, Outcome.DUPLICATE);
    source.close();
    assertThat(queue.size()).isZero();
  }
}
