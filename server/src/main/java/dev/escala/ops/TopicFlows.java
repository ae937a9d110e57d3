package dev.escala.ops;

import dev.escala.model.Backlog;
import dev.escala.model.LoopState;
import dev.escala.model.OpenLetters;
import dev.escala.observe.Observation;
import dev.escala.observe.Observation.BacklogsMeasured;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.LagsMeasured;
import dev.escala.observe.Observation.LettersMeasured;
import dev.escala.observe.Observation.LoopsMeasured;
import dev.escala.observe.Observation.MessagesReceived;
import dev.escala.observe.Observation.TopicClosed;
import dev.escala.observe.Observer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way of each topic through this process: its last hour, and how it stands. Kept of topics that
 * carry something, up to a number, and forgotten when they are closed.
 */
public final class TopicFlows implements Observer {
  /** What invented topics may take; each has an hour of minutes. */
  private static final int MOST_TOPICS = 2_000;

  private final Clock clock;
  private final Instant since;
  private final Map<String, TopicFlow> flows = new ConcurrentHashMap<>();
  private volatile List<LoopState> loops = List.of();
  private volatile Map<String, Backlog> queues = Map.of();
  private volatile Map<String, Long> kafka = Map.of();
  private volatile List<OpenLetters> letters = List.of();

  public TopicFlows() {
    this(Clock.systemUTC());
  }

  TopicFlows(Clock clock) {
    this.clock = clock;
    this.since = clock.instant();
  }

  @Override
  public void observed(Observation observation) {
    switch (observation) {
      case MessagesReceived e ->
          flow(e.topic()).ifPresent(flow -> flow.received(clock.instant(), e.messages()));
      case BatchSettled e -> flow(e.topic()).ifPresent(flow -> flow.settled(clock.instant(), e));
      case TopicClosed e -> flows.remove(e.topic());
      case LoopsMeasured e -> loops = e.loops();
      case BacklogsMeasured e -> queues = e.byTopic();
      case LagsMeasured e -> kafka = e.byTopic();
      case LettersMeasured e -> letters = e.open();
      default -> {
        // of no topic
      }
    }
  }

  private Optional<TopicFlow> flow(String topic) {
    TopicFlow known = flows.get(topic);
    return known == null && flows.size() >= MOST_TOPICS
        ? Optional.empty()
        : Optional.of(flows.computeIfAbsent(topic, _ -> new TopicFlow()));
  }

  /** Since when it counts. */
  public Instant since() {
    return since;
  }

  /** Topics that something is known of, in the order of their names. */
  public Set<String> topics() {
    Set<String> names = new TreeSet<>(flows.keySet());
    letters.forEach(each -> names.add(each.topic()));
    return names;
  }

  /** The last hour of a topic; nothing but zeros where nothing came. */
  public TopicFlow.Hour hour(String topic) {
    return flows.getOrDefault(topic, new TopicFlow()).hour(clock.instant());
  }

  /** What its loops looked like lately, each with its source. */
  public List<LoopState> loops(String topic) {
    return loops.stream().filter(loop -> loop.topic().equals(topic)).toList();
  }

  /** How long the oldest message that is not settled is here. */
  public Optional<Duration> oldest(String topic) {
    return loops(topic).stream()
        .flatMap(loop -> Optional.ofNullable(loop.oldestReceived()).stream())
        .min(Comparable::compareTo)
        .map(moment -> moment.age());
  }

  /** How many messages wait at its origins, where these tell. */
  public Optional<Long> waiting(String topic) {
    Backlog queue = queues.get(topic);
    Long records = kafka.get(topic);
    return queue == null && records == null
        ? Optional.empty()
        : Optional.of((queue == null ? 0 : queue.visible()) + (records == null ? 0 : records));
  }

  /** Its dead letters by reason, as they were counted within the last seconds. */
  public List<OpenLetters> letters(String topic) {
    return letters.stream().filter(each -> each.topic().equals(topic)).toList();
  }
}
