package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.Decoder;
import dev.escala.decode.Settings;
import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.IntakePaused;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.source.Delivery;
import dev.escala.source.MemoryGate;
import dev.escala.source.Source;
import dev.escala.testing.FakeStore;
import dev.escala.testing.Messages;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of deliveries that share a batch: each ends for itself. */
class CarriedDeliveriesTest {
  private static final IngestSettings SETTINGS =
      new IngestSettings(
          100,
          1 << 20,
          1,
          Duration.ZERO,
          Duration.ofSeconds(20),
          Duration.ofMillis(50),
          Duration.ofMillis(300));

  private final RecordingObserver observer = new RecordingObserver();
  private final FakeStore.Table table = new FakeStore.Table();
  private final ScriptedSource source = new ScriptedSource();
  private final IngestLoop loop =
      new IngestLoop(
          source,
          new Pipeline(
              new Decoder(Settings.flights("key: $.id")),
              FakeStore.open(table),
              SETTINGS.changePatience(),
              observer),
          SETTINGS,
          new MemoryGate(1 << 20),
          observer);

  @AfterEach
  void stop() {
    loop.close();
  }

  /** Gives what a test put there, and keeps what it was told of each delivery. */
  private static final class ScriptedSource implements Source {
    private final BlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>();
    private final Map<String, List<Outcome>> settled = new ConcurrentHashMap<>();
    private final AtomicInteger pauses = new AtomicInteger();

    /** One message a delivery, of which a bad one throws when it is settled. */
    void add(String id, String fields, boolean bad) {
      Message message = Messages.of("m-" + id, "{\"id\":\"" + id + "\"" + fields + "}");
      waiting.add(
          new Delivery() {
            @Override
            public List<Message> messages() {
              return List.of(message);
            }

            @Override
            public void settle(List<Outcome> outcomes) {
              if (bad) {
                throw new IllegalStateException("cannot be settled");
              }
              settled.put(id, outcomes);
            }
          });
    }

    @Override
    public SourceKind kind() {
      return SourceKind.SQS;
    }

    @Override
    public String topic() {
      return "flights";
    }

    @Override
    public Optional<Delivery> receive(Duration wait) throws InterruptedException {
      return Optional.ofNullable(waiting.poll(wait.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public Optional<Moment> lastReceive() {
      return Optional.of(Moment.now());
    }

    @Override
    public Optional<Backlog> backlog() {
      return Optional.empty();
    }

    @Override
    public void pause() {
      pauses.incrementAndGet();
    }

    @Override
    public void resume() {}

    @Override
    public void stop() {}

    @Override
    public void close() {}
  }

  @Test
  void oneThatCannotBeSettledTakesNoOtherAlong() {
    for (int i = 0; i < 30; i++) {
      source.add("f" + i, "", i % 10 == 3);
    }
    loop.start();
    eventually("all others are settled", () -> source.settled.size() == 27);
    assertThat(source.settled.values()).containsOnly(List.of(Outcome.STORED));
    assertThat(observer.all(TaskFailed.class)).hasSize(3);
    assertThat(table.keys()).hasSize(30);
    source.add("later", "", false);
    eventually("the loop goes on", () -> source.settled.containsKey("later"));
    assertThat(source.pauses).hasValue(0);
  }

  @Test
  void onlyThoseThatNeedTheChangeWaitForIt() {
    source.add("first", "", false);
    loop.start();
    eventually("the table is there", () -> source.settled.containsKey("first"));
    table.inUse(true);
    source.add("needs", ",\"gate\":\"B7\"", false);
    for (int i = 0; i < 50; i++) {
      source.add("fits-" + i, "", false);
    }
    eventually("all that fit are settled", () -> source.settled.size() == 51);
    eventually("the change is given up", () -> source.settled.containsKey("needs"));
    assertThat(source.settled.get("needs"))
        .containsExactly(new Outcome.Returned(ReturnReason.TABLE_LOCKED));
    assertThat(observer.all(IntakePaused.class)).isEmpty();
    table.inUse(false);
    eventually("the change that nobody waits for is made", () -> table.columns().contains("gate"));
    source.add("again", ",\"gate\":\"B7\"", false);
    eventually("it is stored", () -> source.settled.containsKey("again"));
    assertThat(source.settled.get("again")).containsExactly(Outcome.STORED);
  }

  @Test
  void whatWaitsForItsTableAtTheEndIsGivenBack() {
    source.add("first", "", false);
    loop.start();
    eventually("the table is there", () -> source.settled.containsKey("first"));
    table.inUse(true);
    source.add("needs", ",\"gate\":\"B7\"", false);
    source.add("fits", "", false);
    eventually("the other is settled", () -> source.settled.containsKey("fits"));
    loop.close();
    assertThat(source.settled.get("needs")).hasOnlyElementsOfType(Outcome.Returned.class);
    assertThat(
            observer.all(BatchSettled.class).stream()
                .mapToInt(
                    batch ->
                        batch.stored() + batch.returned().values().stream().mapToInt(n -> n).sum())
                .sum())
        .isEqualTo(3);
  }
}
