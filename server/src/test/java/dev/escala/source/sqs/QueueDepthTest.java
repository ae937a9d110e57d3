package dev.escala.source.sqs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Backlog;
import dev.escala.observe.Observation.DeadLettersUnknown;
import dev.escala.testing.RecordingObserver;
import dev.escala.testing.SqsServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class QueueDepthTest {
  private final RecordingObserver observer = new RecordingObserver();
  private final SqsServer.Queue queue = SqsServer.shared().newQueue(30);

  private Optional<Backlog> look(String url) {
    SqsQueue asked = new SqsQueue(SqsServer.shared().client(List.of()), url);
    return new QueueDepth(asked, "departures", observer).look();
  }

  @Test
  void countsWhatWaitsAndWhatIsInFlight() {
    queue.sendAll(List.of("1", "2", "3"));
    SqsQueue receiving = new SqsQueue(SqsServer.shared().client(List.of()), queue.url());
    assertThat(receiving.receive(1, Duration.ZERO, Duration.ofSeconds(30))).hasSize(1);
    assertThat(look(queue.url())).contains(new Backlog(2, 1, 0, null));
  }

  @Test
  void looksIntoTheDeadLetterQueueWhereThereIsOne() {
    SqsServer.Queue dead = SqsServer.shared().newQueue(30);
    queue.redriveTo(dead, 3);
    assertThat(look(queue.url())).contains(new Backlog(0, 0, 0, 0L));
    dead.send("poison");
    eventually("it is seen", () -> look(queue.url()).equals(Optional.of(new Backlog(0, 0, 0, 1L))));
  }

  @Test
  void aQueueThatIsNotThereHasNoDepth() {
    assertThat(look(queue.url() + "-missing")).isEmpty();
  }

  @Test
  void aDeadLetterQueueThatDoesNotAnswerIsToldOnce() {
    SqsServer.Queue dead = SqsServer.shared().newQueue(30);
    queue.redriveTo(dead, 3);
    dead.client().deleteQueue(request -> request.queueUrl(dead.url()));
    QueueDepth depth =
        new QueueDepth(
            new SqsQueue(SqsServer.shared().client(List.of()), queue.url()),
            "departures",
            observer);
    assertThat(depth.look()).contains(new Backlog(0, 0, 0, null));
    assertThat(depth.look()).contains(new Backlog(0, 0, 0, null));
    assertThat(observer.all(DeadLettersUnknown.class)).hasSize(1);
  }
}
