package dev.escala.app;

import dev.escala.config.Heap;
import dev.escala.decode.Decoder;
import dev.escala.decode.TopicSettings;
import dev.escala.ingest.IngestLoop;
import dev.escala.ingest.IngestSettings;
import dev.escala.ingest.Pipeline;
import dev.escala.model.Backlog;
import dev.escala.model.LoopState;
import dev.escala.model.Moment;
import dev.escala.model.SourceKind;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.BacklogsMeasured;
import dev.escala.observe.Observation.LagsMeasured;
import dev.escala.observe.Observation.LoopsMeasured;
import dev.escala.observe.Observation.TopicClosed;
import dev.escala.observe.Observer;
import dev.escala.source.MemoryGate;
import dev.escala.source.Permits;
import dev.escala.source.Source;
import dev.escala.source.http.HttpSource;
import dev.escala.source.http.HttpSourceSettings;
import dev.escala.source.http.TopicsApi;
import dev.escala.source.http.TopicsApi.Opening;
import dev.escala.store.MessageWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The topics that are open: each source with the loop that takes from it. What is published over
 * HTTP opens its topic, up to a limit where any name may be invented.
 */
final class Topics implements TopicsApi.Sources, AutoCloseable {
  /** Whoever asks for one that is new does not wait for more. */
  private static final int CLOSED_AT_ONCE = 100;

  private static final long DECODED_AT_ONCE = 64 << 20;

  private final Configuration configuration;
  private final Map<String, WritableDatabase> databases;
  private final Observer observer;

  /** What all that is published over HTTP and not settled takes. */
  private final Permits publishing;

  /** For the batches of all topics: decoded, they take several times the memory of payloads. */
  private final MemoryGate decoding = new MemoryGate(Heap.part(16, DECODED_AT_ONCE));

  private final Map<String, Published> published = new ConcurrentHashMap<>();
  private final List<IngestLoop> loops = new CopyOnWriteArrayList<>();

  private final TableRoom room;
  private final InventedTopics invented;

  /** So that no topic opens behind the back of who drains them. */
  private final ReentrantLock opening = new ReentrantLock();

  private boolean closing;

  /**
   * A topic that takes what is published over HTTP.
   *
   * @param isInvented whether no configuration names it
   * @param loop that carries it; null where the server stops
   */
  private record Published(HttpSource source, boolean isInvented, @Nullable IngestLoop loop) {}

  Topics(Configuration configuration, Map<String, WritableDatabase> databases, Observer observer) {
    this.configuration = configuration;
    this.databases = databases;
    this.observer = observer;
    HttpSourceSettings publish = configuration.publish();
    this.publishing = new Permits(publish.maxMessages(), publish.maxBytes());
    this.room = new TableRoom(configuration, databases, observer);
    this.invented = new InventedTopics(configuration, this::database, this::open, room);
  }

  /** Starts to take from a source. */
  IngestLoop run(Source source) {
    TopicSettings settings = configuration.rows(source.topic()).orElseThrow();
    WritableDatabase database = database(settings);
    IngestSettings ingest = configuration.ingest();
    Pipeline pipeline =
        new Pipeline(
            new Decoder(settings),
            database.tables().topic(settings),
            ingest.changePatience(),
            observer);
    MessageWriter writer = database.markers().before(pipeline);
    IngestLoop loop = new IngestLoop(source, writer, ingest, decoding, observer);
    loops.add(loop);
    return loop.start();
  }

  private WritableDatabase database(TopicSettings settings) {
    WritableDatabase database = databases.get(settings.table().database());
    if (database == null) {
      throw new IllegalStateException("no database for " + settings.table());
    }
    return database;
  }

  @Override
  public Opening source(String topic, String client) {
    Published open = published.get(topic);
    if (open != null) {
      return new Opening.Open(open.source());
    }
    Optional<TopicSettings> settings =
        TopicName.isValid(topic) ? configuration.rows(topic) : Optional.empty();
    if (settings.isEmpty()) {
      return new Opening.Unknown();
    }
    boolean isInvented = settings.get().ownTable();
    if (isInvented && invented.isFull()) {
      closeIdle();
    }
    Optional<Opening> refusal =
        isInvented ? invented.refusal(settings.get(), client) : Optional.empty();
    return refusal.orElseGet(
        () ->
            new Opening.Open(
                published.computeIfAbsent(topic, name -> open(name, isInvented)).source()));
  }

  @Override
  public Optional<HttpSource> opened(String topic) {
    return Optional.ofNullable(published.get(topic)).map(Published::source);
  }

  /**
   * While topics are drained a new one takes nothing: its clients are told that the server stops.
   */
  private Published open(String topic, boolean isInvented) {
    HttpSource source = new HttpSource(topic, publishing, observer);
    opening.lock();
    try {
      if (!closing) {
        return new Published(source, isInvented, run(source));
      }
      source.stop();
      return new Published(source, isInvented, null);
    } finally {
      opening.unlock();
    }
  }

  private int open() {
    return (int) published.values().stream().filter(Published::isInvented).count();
  }

  /** Closes those that no configuration names and nobody publishes to, and some more next time. */
  void closeIdle() {
    published.values().stream()
        .filter(Published::isInvented)
        .filter(topic -> topic.source().isIdle(configuration.invented().idle()))
        .limit(CLOSED_AT_ONCE)
        .toList()
        .forEach(this::close);
  }

  /** Closes a topic that no configuration names; its table stays. Says whether there was one. */
  boolean close(String topic) {
    Published open = published.get(topic);
    return open != null && open.isInvented() && close(open);
  }

  private boolean close(Published topic) {
    if (!published.remove(topic.source().topic(), topic)) {
      return false;
    }
    IngestLoop loop = topic.loop();
    if (loop != null) {
      loops.remove(loop);
      loop.close();
    }
    observer.observed(new TopicClosed(topic.source().topic()));
    return true;
  }

  /** Topics that no configuration names, and when something was last published to them. */
  Map<String, Moment> openInvented() {
    Map<String, Moment> open = new TreeMap<>();
    published.forEach(
        (name, topic) -> {
          if (topic.isInvented()) {
            open.put(name, topic.source().lastUsed());
          }
        });
    return open;
  }

  /** How they stand, where there may be any. */
  Optional<HealthProbe> invented() {
    return configuration.wildcard().map(any -> invented);
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
        new LoopsMeasured(
            Instant.now(), Moment.now(), loops.stream().map(IngestLoop::state).toList()));
  }

  /** How much of the bounds on tables and columns is used; asks the databases. */
  void measureRoom() {
    room.measure(loops.stream().map(loop -> loop.state().topic()).distinct().toList());
  }

  /** As it was measured lately. */
  TableRoom room() {
    return room;
  }

  /** What waits at the origins of all topics; asks them. */
  void measureBacklogs() {
    Map<String, Backlog> queues = new LinkedHashMap<>();
    Map<String, Long> kafka = new LinkedHashMap<>();
    for (IngestLoop loop : loops) {
      LoopState state = loop.state();
      loop.measureBacklog()
          .ifPresent(
              backlog -> {
                if (state.source() == SourceKind.KAFKA) {
                  kafka.merge(state.topic(), backlog.visible() + backlog.inFlight(), Long::sum);
                } else {
                  queues.merge(state.topic(), backlog, Backlog::plus);
                }
              });
    }
    observer.observed(new BacklogsMeasured(Map.copyOf(queues)));
    observer.observed(new LagsMeasured(Map.copyOf(kafka)));
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
