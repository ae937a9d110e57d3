package dev.escala.source.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.connection.Client;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.Payload;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.source.Delivery;
import dev.escala.source.Permits;
import dev.escala.source.Source;
import dev.escala.source.SourceContract;
import dev.escala.source.http.HttpSource.Admission;
import dev.escala.testing.RecordingObserver;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HttpSourceTest extends SourceContract {
  private static final Duration NOW = Duration.ZERO;
  private static final Client CLIENT = new Client(InetAddress.ofLiteral("192.0.2.1"));

  @Override
  protected Origin origin() {
    return new PatientClients();
  }

  /** Clients that send a request again until it is stored, as the answers tell them. */
  private static final class PatientClients implements Origin {
    private final Queue<HttpSource.Request> unsent = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ids = new AtomicInteger();
    private volatile @Nullable HttpSource server;
    private volatile boolean closed;
    private final Thread sender = Thread.ofVirtual().start(this::send);

    @Override
    public Source open(Limits limits, RecordingObserver observer) {
      HttpSource opened =
          new HttpSource("departures", new Permits(limits.messages(), limits.bytes()), observer);
      server = opened;
      return opened;
    }

    @Override
    public void publish(String body) {
      unsent.add(request("id-" + ids.incrementAndGet(), body));
    }

    private void send() {
      while (!closed) {
        HttpSource.Request request = unsent.poll();
        HttpSource current = server;
        if (request != null
            && (current == null
                || current.submit(request, outcomes -> sendAgain(request, outcomes))
                    != Admission.ADMITTED)) {
          unsent.add(request);
        }
        LockSupport.parkNanos(100_000);
      }
    }

    private void sendAgain(HttpSource.Request request, List<Outcome> outcomes) {
      if (outcomes.getFirst() instanceof Outcome.Returned) {
        unsent.add(request);
      }
    }

    @Override
    public void close() {
      closed = true;
      LockSupport.unpark(sender);
    }
  }

  private static HttpSource.Request request(String id, String... bodies) {
    List<Message> messages = new ArrayList<>();
    for (String body : bodies) {
      messages.add(
          new Message(
              "departures",
              Payload.utf8(body),
              new dev.escala.model.Origin(SourceKind.HTTP, id, Instant.now(), 1, Map.of())));
    }
    return new HttpSource.Request(CLIENT, messages, 10L * bodies.length);
  }

  private HttpSource source(int messages) {
    return new HttpSource("departures", new Permits(messages, 1_000_000), observer);
  }

  private static Delivery next(HttpSource source) throws InterruptedException {
    return source.receive(NOW).orElseThrow();
  }

  private static void settle(Delivery delivery, Outcome... outcomes) {
    delivery.settle(List.of(outcomes));
  }

  @Test
  void aRequestIsADeliveryAndHearsItsOutcomes() throws InterruptedException {
    HttpSource source = source(10);
    List<Outcome> heard = new ArrayList<>();

    assertThat(source.submit(request("a", "1", "2"), heard::addAll)).isEqualTo(Admission.ADMITTED);
    settle(next(source), Outcome.STORED, Outcome.DUPLICATE);

    assertThat(heard).containsExactly(Outcome.STORED, Outcome.DUPLICATE);
  }

  @Test
  void requestsWithoutRoomPausedOrStoppedAreNotAdmitted() throws InterruptedException {
    HttpSource source = source(2);
    assertThat(source.submit(request("a", "1", "2"))).isEqualTo(Admission.ADMITTED);
    assertThat(source.submit(request("b", "3"))).isEqualTo(Admission.NO_ROOM);
    settle(next(source), Outcome.STORED, Outcome.STORED);

    source.pause();
    assertThat(source.submit(request("b", "3"))).isEqualTo(Admission.PAUSED);
    source.resume();
    assertThat(source.submit(request("b", "3", "4"), ignored -> {})).isEqualTo(Admission.ADMITTED);
    source.stop();
    assertThat(source.submit(request("c", "5", "6"))).isEqualTo(Admission.STOPPED);
  }

  @Test
  void pausingAndStoppingTellTheClientsWhy() {
    HttpSource source = source(10);
    List<Outcome> heard = new ArrayList<>();
    source.submit(request("a", "1"), heard::addAll);
    source.pause();
    source.resume();
    source.submit(request("b", "2"), heard::addAll);
    source.stop();

    assertThat(heard)
        .containsExactly(
            new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE),
            new Outcome.Returned(ReturnReason.SHUTDOWN));
  }

  @Test
  void whatNobodyWaitsForComesAgainBySelf() throws InterruptedException {
    HttpSource source = source(3);
    source.submit(request("a", "1", "2", "3"));

    settle(
        next(source),
        Outcome.STORED,
        new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE),
        Outcome.STORED);
    Delivery again = next(source);
    assertThat(again.messages()).hasSize(1);
    assertThat(again.messages().getFirst().payload().text()).isEqualTo("2");
    assertThat(again.messages().getFirst().origin().attempt()).isEqualTo(2);
    assertThat(source.submit(request("b", "4", "5", "6"))).isEqualTo(Admission.NO_ROOM);

    settle(again, Outcome.STORED);
    assertThat(source.submit(request("b", "4", "5", "6"))).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void whatNobodyWaitsForRestsWhilePaused() throws InterruptedException {
    HttpSource source = source(10);
    source.submit(request("a", "1"));
    source.submit(request("b", "2"));
    Delivery underWay = next(source);
    source.pause();
    settle(underWay, new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE));
    assertThat(source.receive(NOW)).isEmpty();

    source.resume();
    settle(next(source), Outcome.STORED);
    settle(next(source), Outcome.STORED);
    source.close();
    assertThat(observer.all(TaskFailed.class)).isEmpty();
  }

  @Test
  void whatIsGivenBackWhileIntakeResumesIsNotLeftBehind() throws InterruptedException {
    HttpSource source = source(100);
    for (int i = 0; i < 100; i++) {
      source.submit(request("a" + i, "1"));
    }
    for (int round = 0; round < 300; round++) {
      List<Delivery> underWay = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        underWay.add(next(source));
      }
      source.pause();
      Thread resuming = Thread.ofPlatform().start(source::resume);
      for (Delivery delivery : underWay) {
        settle(delivery, new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE));
      }
      resuming.join();
    }
  }

  @Test
  void whatNobodyWaitsForAndIsLostAtTheEndIsReported() {
    HttpSource source = source(10);
    source.submit(request("a", "1", "2"));
    source.close();

    assertThat(observer.all(TaskFailed.class))
        .singleElement()
        .satisfies(lost -> assertThat(lost.failure()).hasMessageContaining("2 messages"));
  }

  @Test
  void manySmallRequestsFromManyClientsAreAllAnswered() throws InterruptedException {
    HttpSource source = source(1000);
    AtomicInteger answered = new AtomicInteger();
    for (int i = 0; i < 200; i++) {
      String id = "id-" + i;
      Thread.ofVirtual()
          .start(() -> source.submit(request(id, "1"), ignored -> answered.incrementAndGet()));
    }
    for (int i = 0; i < 200; i++) {
      Delivery delivery = source.receive(Duration.ofSeconds(20)).orElseThrow();
      delivery.settle(Collections.nCopies(delivery.messages().size(), Outcome.STORED));
    }
    eventually("all answered", () -> answered.get() == 200);
  }
}
