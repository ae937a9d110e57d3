package dev.escala.ingest.faults;

import dev.escala.config.DatabaseUrl;
import dev.escala.decode.Decoder;
import dev.escala.decode.TopicSettings;
import dev.escala.ingest.IngestLoop;
import dev.escala.ingest.IngestSettings;
import dev.escala.ingest.Pipeline;
import dev.escala.observe.Observer;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.source.MemoryGate;
import dev.escala.source.Permits;
import dev.escala.store.postgres.PostgresStore;
import dev.escala.testing.FakeSource;
import java.time.Duration;

/** One process of the ingest, with a network of its own. */
final class Instance implements AutoCloseable {
  private final Wire wire;
  private final PostgresDatabase database;
  private final PostgresStore store;
  private final FaultySource source;
  private final IngestLoop loop;
  private final Told told = new Told();
  private final Thread end = Thread.ofVirtual().name("end of an instance").unstarted(this::end);

  Instance(
      DatabaseUrl url,
      TopicSettings settings,
      FakeSource.Backlog backlog,
      IngestSettings ingest,
      Observer observer) {
    wire = new Wire(url.port());
    DatabaseUrl through =
        new DatabaseUrl(
            url.host(), wire.port(), url.database(), url.user(), url.password(), url.parameters());
    database =
        PostgresDatabase.open(PostgresSettings.of(through).withLockTimeout(Duration.ofMillis(300)));
    store = new PostgresStore(database, observer);
    Permits permits = new Permits(1_000, 1 << 20);
    source =
        new FaultySource(
            new FakeSource(settings.topic(), backlog, 7, permits, ignored -> {}), told);
    Pipeline pipeline =
        new Pipeline(
            new Decoder(settings), store.topic(settings), ingest.changePatience(), observer);
    loop = new IngestLoop(source, pipeline, ingest, new MemoryGate(1 << 20), observer).start();
  }

  Wire wire() {
    return wire;
  }

  FaultySource source() {
    return source;
  }

  Told told() {
    return told;
  }

  /** Whether it holds nothing that is not settled. */
  boolean isIdle() {
    return source.backlog().map(backlog -> backlog.inFlight() == 0).orElse(true);
  }

  /**
   * As by SIGKILL: nothing reaches the database any more, and what was not acknowledged is given to
   * others. Threads, which a process would take along, end by themselves.
   */
  void kill() {
    wire.end();
    source.close();
    end.start();
  }

  private void end() {
    loop.close();
    store.close();
    database.close();
    wire.close();
  }

  /** As by SIGTERM; or waits for the end of one that was killed. */
  @Override
  public void close() {
    if (end.getState() == Thread.State.NEW) {
      end.start();
    }
    try {
      end.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
