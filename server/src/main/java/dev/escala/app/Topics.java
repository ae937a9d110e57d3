package dev.escala.app;

import dev.escala.config.Heap;
import dev.escala.decode.Decoder;
import dev.escala.decode.TopicSettings;
import dev.escala.ingest.IngestLoop;
import dev.escala.ingest.IngestSettings;
import dev.escala.ingest.Pipeline;
import dev.escala.model.Backlog;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.BacklogsMeasured;
import dev.escala.observe.Observation.LoopsMeasured;
import dev.escala.observe.Observer;
import dev.escala.source.MemoryGate;
import dev.escala.source.Permits;
import dev.escala.source.Source;
import dev.escala.source.http.HttpSource;
import dev.escala.source.http.HttpSourceSettings;
import dev.escala.source.http.TopicsApi;
import dev.escala.store.MessageWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The topics that are open: each source with the loop that takes from it. What is published over
 * HTTP opens its topic, up to a limit where any name may be invented.
 */
final class Topics implements TopicsApi.Sources, AutoCloseable {
  /** Each open topic costs a loop and its metrics; more names than this are a mistake. */
  private static final int MOST_INVENTED = 1_000;

  private static final long DECODED_AT_ONCE = 64 << 20;

  private final Configuration configuration;
  private final Map<String, WritableDatabase> databases;
  private final Observer observer;

  /** What all that is published over HTTP and not settled takes. */
  private final Permits publishing;

  /** For the batches of all topics: decoded, they take several times the memory of payloads. */
  private final MemoryGate decoding = new MemoryGate(Heap.part(16, DECODED_AT_ONCE));

  private final Map<String, HttpSource> published = new ConcurrentHashMap<>();
  private final List<IngestLoop> loops = new CopyOnWriteArrayList<>();

  /** So that no topic opens behind the back of who drains them. */
  private final ReentrantLock opening = new ReentrantLock();

  private boolean closing;

  Topics(Configuration configuration, Map<String, WritableDatabase> databases, Observer observer) {
    this.configuration = configuration;
    this.databases = databases;
    this.observer = observer;
    HttpSourceSettings publish = configuration.publish();
    this.publishing = new Permits(publish.maxMessages(), publish.maxBytes());
  }

  /** Starts to take from a source. */
  void run(Source source) {
    TopicSettings settings = settings(source.topic()).orElseThrow();
    WritableDatabase database = databases.get(settings.table().database());
    if (database == null) {
      throw new IllegalStateException("no database for " + settings.table());
    }
    IngestSettings ingest = configuration.ingest();
    Pipeline pipeline =
        new Pipeline(
            new Decoder(settings),
            database.tables().topic(settings),
            ingest.changePatience(),
            observer);
    MessageWriter writer = database.markers().before(pipeline);
    loops.add(new IngestLoop(source, writer, ingest, decoding, observer).start());
  }

  private Optional<TopicSettings> settings(String topic) {
    Configuration.Topic configured = configuration.topics().get(topic);
    return configured != null
        ? Optional.of(configured.rows())
        : configuration.wildcard().map(any -> any.forTopic(topic));
  }

  @Override
  public Optional<HttpSource> source(String topic) {
    HttpSource open = published.get(topic);
    if (open != null) {
      return Optional.of(open);
    }
    boolean invented = !configuration.topics().containsKey(topic);
    if (!TopicName.isValid(topic)
        || settings(topic).isEmpty()
        || (invented && published.size() >= MOST_INVENTED)) {
      return Optional.empty();
    }
    return Optional.of(published.computeIfAbsent(topic, this::open));
  }

  /**
   * While topics are drained a new one takes nothing: its clients are told that the server stops.
   */
  private HttpSource open(String topic) {
    HttpSource source = new HttpSource(topic, publishing, observer);
    opening.lock();
    try {
      if (closing) {
        source.stop();
      } else {
        run(source);
      }
      return source;
    } finally {
      opening.unlock();
    }
  }

  @Override
  public Collection<String> names() {
    return configuration.topics().keySet();
  }

  /** One for each loop. */
  List<HealthProbe> probes() {
    return loops.stream().map(IngestLoop::health).toList();
  }

  /** How all loops stand at this moment. */
  void measure() {
    observer.observed(
        new LoopsMeasured(Instant.now(), loops.stream().map(IngestLoop::state).toList()));
  }

  /** What waits at the origins of all topics; asks them. */
  void measureBacklogs() {
    Map<String, Backlog> byTopic = new LinkedHashMap<>();
    for (IngestLoop loop : loops) {
      loop.measureBacklog()
          .ifPresent(backlog -> byTopic.merge(loop.state().topic(), backlog, Backlog::plus));
    }
    observer.observed(new BacklogsMeasured(Map.copyOf(byTopic)));
  }

  /** Drains all loops at once; returns when every message is settled or given back. */
  @Override
  public void close() {
    opening.lock();
    try {
      closing = true;
    } finally {
      opening.unlock();
    }
    List<Thread> draining = new ArrayList<>();
    for (IngestLoop loop : loops) {
      draining.add(Thread.ofVirtual().name("drain").start(loop::close));
    }
    for (Thread thread : draining) {
      join(thread);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
