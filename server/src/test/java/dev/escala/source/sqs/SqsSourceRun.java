package dev.escala.source.sqs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Outcome;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.source.Delivery;
import dev.escala.testing.RecordingObserver;
import dev.escala.testing.SqsServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Sources on a real queue, closed at the end, none of whose tasks may fail. */
abstract class SqsSourceRun {
  private static final Duration LONG = Duration.ofSeconds(20);
  static final Duration WRITE = Duration.ofMillis(5);
  final RecordingObserver observer = new RecordingObserver();
  private final List<SqsSource> opened = new ArrayList<>();

  @AfterEach
  void closeAll() {
    opened.forEach(SqsSource::close);
    assertThat(observer.all(TaskFailed.class)).isEmpty();
  }

  static SqsSettings settings(String queue, int maxPollers, int waitSeconds) {
    return new SqsSettings(
        queue,
        "departures",
        SqsFormat.AUTO,
        null,
        SqsServer.shared().endpoint(),
        new SqsSettings.Polling(1, maxPollers, Duration.ofSeconds(waitSeconds)),
        SqsSettings.Limits.DEFAULT,
        S3Settings.NONE);
  }

  SqsSource open(SqsServer.Queue queue) {
    return keep(SqsSource.open(settings(queue.url(), 4, 1), WRITE, observer));
  }

  /** A source whose answers from SQS are changed under way. */
  SqsSource open(SqsServer.Queue queue, UnaryOperator<SdkResponse> change) {
    ExecutionInterceptor interceptor =
        new ExecutionInterceptor() {
          @Override
          public SdkResponse modifyResponse(
              Context.ModifyResponse context, ExecutionAttributes attributes) {
            return change.apply(context.response());
          }
        };
    SqsQueue changed = new SqsQueue(SqsServer.shared().client(List.of(interceptor)), queue.url());
    return keep(source(queue, changed));
  }

  SqsSource source(SqsServer.Queue queue, SqsQueue asked) {
    return source(queue, asked, Duration.ofMinutes(5));
  }

  /** A source that takes the attributes of its queue for true for so long. */
  SqsSource source(SqsServer.Queue queue, SqsQueue asked, Duration attributesFresh) {
    SqsSettings settings = settings(queue.url(), 4, 1);
    QueueWatch watch = new QueueWatch(asked, settings, WRITE, attributesFresh, observer);
    return new SqsSource(settings, asked, watch, observer).start();
  }

  SqsSource keep(SqsSource source) {
    opened.add(source);
    return source;
  }

  static Delivery next(SqsSource source) throws InterruptedException {
    Optional<Delivery> delivery = source.receive(LONG);
    assertThat(delivery).as("a delivery within %s", LONG).isPresent();
    return delivery.orElseThrow();
  }

  static void settle(Delivery delivery, Outcome outcome) {
    delivery.settle(Collections.nCopies(delivery.messages().size(), outcome));
  }

  static void isEmptied(SqsServer.Queue queue) {
    eventually("the queue is empty", () -> queue.size() == 0);
  }
}
