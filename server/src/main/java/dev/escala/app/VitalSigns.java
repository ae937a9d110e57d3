package dev.escala.app;

import dev.escala.archive.ArchiveKeeper;
import dev.escala.canary.Canary;
import dev.escala.canary.CanaryTarget;
import dev.escala.canary.MarkerStore;
import dev.escala.decode.TopicSettings;
import dev.escala.model.DatabaseRole;
import dev.escala.model.OpenLetters;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.LettersMeasured;
import dev.escala.observe.Observer;
import dev.escala.ops.ApiProbe;
import dev.escala.ops.HealthHistory;
import dev.escala.ops.PeriodicTasks;
import dev.escala.ops.PublicApi;
import dev.escala.postgres.ServerLook;
import dev.escala.serve.ReadApi;
import dev.escala.serve.database.DatabaseProbe.Vitals;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.DatabaseWatch;
import dev.escala.store.StoreException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Everything that is looked at again and again while the server runs. */
final class VitalSigns implements AutoCloseable {
  private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::", "");
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** What is read through the canary takes no longer than a message that is published over HTTP. */
  private static final Duration CANARY_PATIENCE = Duration.ofSeconds(10);

  /** As often as SQS counts anew. */
  private static final Duration BACKLOGS_EVERY = Duration.ofSeconds(15);

  private static final Duration ROOM_EVERY = Duration.ofSeconds(15);

  private static final Duration CLOSE_IDLE_EVERY = Duration.ofSeconds(15);

  private static final Duration EXPIRE_EVERY = Duration.ofMinutes(1);

  private static final Duration COUNT_LETTERS_EVERY = Duration.ofSeconds(15);

  private static final Duration KEEP_EVERY = Duration.ofSeconds(15);

  private static final Duration ARCHIVE_EVERY = Duration.ofMinutes(10);

  private static final Duration EXPIRE_LETTERS_EVERY = Duration.ofMinutes(10);

  private final Configuration configuration;
  private final Observer observer;
  private final PeriodicTasks periodic;
  private final List<HealthProbe> probes = new CopyOnWriteArrayList<>();

  VitalSigns(Configuration configuration, Observer observer) {
    this.configuration = configuration;
    this.observer = observer;
    this.periodic = new PeriodicTasks(observer);
  }

  /** The databases as they are read, the topics, and what waits at their origins. */
  void watch(Topics topics, ReadApi reads) {
    Duration every = configuration.probe().every();
    reads.watch(every);
    periodic.every(every, "measure topics", topics::measure);
    periodic.every(CLOSE_IDLE_EVERY, "close idle topics", topics::closeIdle);
    periodic.every(BACKLOGS_EVERY, "measure backlogs", topics::measureBacklogs);
    periodic.every(ROOM_EVERY, "measure room", topics::measureRoom);
  }

  /** The servers that are written to, where reads have one of their own. */
  void writers(Map<String, WritableDatabase> databases) {
    databases.forEach(
        (name, database) -> {
          if (reads(name).readsOf() == DatabaseRole.READER) {
            ServerLook server = new ServerLook(database.database());
            DatabaseWatch watch =
                new DatabaseWatch(name, DatabaseRole.WRITER, () -> look(server), observer);
            periodic.every(
                configuration.probe().every(), "look at the writer of " + name, watch::check);
          }
        });
  }

  /** All of it, for whoever wants to know how it was. */
  void keep(HealthHistory history, Supplier<List<HealthProbe>> all) {
    periodic.every(KEEP_EVERY, "keep health", () -> history.look(all));
  }

  private DatabaseSettings reads(String database) {
    return Objects.requireNonNull(configuration.databases().get(database)).reads();
  }

  private static CompletableFuture<Vitals> look(ServerLook server) {
    long startedNanos = System.nanoTime();
    try {
      ServerLook.Answer answer = server.look();
      return CompletableFuture.completedFuture(
          new Vitals(
              Duration.ofNanos(System.nanoTime() - startedNanos),
              answer.startedAt(),
              Duration.between(answer.startedAt(), answer.now()),
              answer.inRecovery()));
    } catch (StoreException away) {
      return CompletableFuture.failedFuture(away);
    }
  }

  /** The dead letters of all databases; those that are too old end where rows are stored. */
  void letters(Map<String, WritableDatabase> databases, boolean stores) {
    List<LetterWatch> watches = new ArrayList<>();
    databases.forEach(
        (name, database) ->
            watches.add(
                new LetterWatch(
                    name, database.tables().letters(), configuration.letters(), observer)));
    probes.addAll(watches);
    periodic.every(COUNT_LETTERS_EVERY, "count dead letters", () -> count(watches));
    if (stores) {
      watches.forEach(
          watch -> periodic.every(EXPIRE_LETTERS_EVERY, "expire " + watch.name(), watch::expire));
    }
  }

  /** What is closed goes to the archives of topics, of one instance of those that store rows. */
  void archives(Map<String, WritableDatabase> databases) {
    for (Configuration.Topic topic : configuration.topics().values()) {
      TopicSettings settings = topic.rows();
      if (settings.maintenance().archive().isPresent()) {
        WritableDatabase database =
            Objects.requireNonNull(databases.get(settings.table().database()));
        ArchiveKeeper keeper =
            new ArchiveKeeper(settings, database.tables().archive(settings), observer);
        probes.add(keeper);
        periodic.every(ARCHIVE_EVERY, "archive of " + settings.topic(), keeper::round);
      }
    }
  }

  private void count(List<LetterWatch> watches) {
    List<OpenLetters> open = new ArrayList<>();
    watches.forEach(watch -> open.addAll(watch.measure()));
    observer.observed(new LettersMeasured(Instant.now(), open));
  }

  /** The API from outside. */
  void probe(int ownPort) {
    ApiProbe probe = new ApiProbe(api(ownPort, PATIENCE), observer);
    probes.add(probe);
    periodic.every(configuration.probe().every(), "probe the API", probe::look);
  }

  /**
   * The way of a message, of each topic that has a name. Behind a lock it asks this process, which
   * alone knows its token.
   */
  void canaries(Map<String, WritableDatabase> databases, int ownPort, Optional<String> ownToken) {
    if (!configuration.canary().enabled()) {
      return;
    }
    PublicApi api =
        ownToken
            .map(token -> new PublicApi(own(ownPort), CANARY_PATIENCE).as(token))
            .orElseGet(() -> api(ownPort, CANARY_PATIENCE));
    CanaryTargets targets = new CanaryTargets(configuration, api, observer);
    configuration
        .topics()
        .forEach(
            (name, topic) -> {
              Optional<CanaryTarget> target = targets.open(name, topic.canary());
              String database = topic.rows().table().database();
              MarkerStore stored = Objects.requireNonNull(databases.get(database)).markers();
              target.ifPresent(to -> start(new Canary.Route(name, database, to, stored, api)));
            });
    databases.forEach(
        (name, database) ->
            periodic.every(
                EXPIRE_EVERY, "expire markers of " + name, () -> expire(database.markers())));
  }

  private void start(Canary.Route route) {
    Canary canary = new Canary(route, configuration.canary(), observer);
    probes.add(canary);
    periodic.run("canary " + route.topic(), canary::run);
  }

  /** Where the database is away it is tried again at the next round. */
  private void expire(MarkerStore markers) {
    try {
      markers.expire(configuration.canary().keep());
    } catch (StoreException away) {
      // told by whoever looks at the database
    }
  }

  private PublicApi api(int ownPort, Duration patience) {
    URI url = configuration.probe().url();
    return new PublicApi(url == null ? own(ownPort) : url, patience);
  }

  private URI own(int port) {
    String host = configuration.http().host();
    String reachable = ANY_ADDRESS.contains(host) ? "127.0.0.1" : host;
    String literal = reachable.contains(":") ? "[" + reachable + "]" : reachable;
    return URI.create("http://" + literal + ":" + port);
  }

  /** What {@code /health} shows of it. */
  List<HealthProbe> probes() {
    return probes;
  }

  @Override
  public void close() {
    periodic.close();
  }
}
