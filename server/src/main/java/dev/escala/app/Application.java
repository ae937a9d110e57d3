package dev.escala.app;

import dev.escala.access.ApiKeyStore;
import dev.escala.access.AuthSettings;
import dev.escala.access.Door;
import dev.escala.canary.MarkerKey;
import dev.escala.console.Console;
import dev.escala.http.Compression;
import dev.escala.http.Cors;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.HttpListener;
import dev.escala.http.Problem;
import dev.escala.http.Router;
import dev.escala.http.ServerTiming;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.observe.Observation.ServerStarted;
import dev.escala.observe.Observation.ServerStopped;
import dev.escala.observe.Observation.ServerStopping;
import dev.escala.observe.Observation.ServerUnlocked;
import dev.escala.observe.Observer;
import dev.escala.ops.AdminApi;
import dev.escala.ops.ApiHealth;
import dev.escala.ops.HealthApi;
import dev.escala.ops.HealthHistory;
import dev.escala.ops.LogObserver;
import dev.escala.ops.MetricsObserver;
import dev.escala.ops.MetricsObserver.RunningBuild;
import dev.escala.ops.TopicFlows;
import dev.escala.otlp.Otlp;
import dev.escala.serve.ReadApi;
import dev.escala.source.http.TopicsApi;
import dev.escala.source.kafka.KafkaSettings;
import dev.escala.source.kafka.KafkaSource;
import dev.escala.source.sns.SigningCertificates;
import dev.escala.source.sqs.SqsSettings;
import dev.escala.source.sqs.SqsSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The running server: the whole graph, built in the order of the data's way, and its end. */
public final class Application implements AutoCloseable {
  /** Vert.x serves no files here; its cache of them would need a folder that it may write to. */
  private static final FileSystemOptions WITHOUT_FILES =
      new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

  /** Longer than a commit takes; a body that is still on its way then is refused. */
  private static final Duration PUBLISHING = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Observer observer;
  private final Optional<Otlp> otlp;
  private final Map<String, WritableDatabase> databases;
  private final Topics topics;
  private final SnsPushes pushes;
  private final ReadApi reads;
  private final Optional<Door> door;
  private final HttpListener http;
  private final AdminApi adminApi;
  private final HttpListener admin;
  private final ApiHealth apiHealth = new ApiHealth();
  private final VitalSigns vitalSigns;
  private final OperateApi operate;
  private final Duration grace;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What a process does of all that the configuration says. */
  public enum Role {
    /** Everything. */
    ALL,
    /** Takes from the sources, and serves nothing but its health. */
    INGEST,
    /** Answers requests, publishing among them, and takes from no queue. */
    API;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Starts everything that the role does; returns when requests are answered. */
  public static Application start(Configuration configuration, Role role) {
    return start(configuration, role, SigningCertificates::ofAws);
  }

  /** With other certificates of SNS than those of AWS. */
  static Application start(
      Configuration configuration, Role role, Supplier<SigningCertificates> ofSns) {
    return new Application(configuration, role, ofSns);
  }

  private Application(Configuration configuration, Role role, Supplier<SigningCertificates> ofSns) {
    long startedNanos = System.nanoTime();
    Build build = Build.current();
    MetricsObserver metrics =
        new MetricsObserver(
            configuration.system(),
            new RunningBuild(role.label(), build.toString()),
            configuration.topics().keySet());
    TopicFlows flows = new TopicFlows();
    HealthHistory history = new HealthHistory(configuration.system().tier());
    Observer local = Observer.all(metrics, new LogObserver(), apiHealth, flows, history);
    otlp =
        configuration
            .otlp()
            .map(
                settings ->
                    Otlp.start(
                        settings,
                        configuration.system(),
                        build.toString(),
                        metrics::snapshots,
                        local));
    observer = otlp.map(sender -> Observer.all(local, sender)).orElse(local);
    vertx =
        AcceptingTransport.vertx(
            new VertxOptions().setFileSystemOptions(WITHOUT_FILES),
            configuration.http().connections(),
            observer);

    boolean stores = role != Role.API || !configuration.answersOnly();
    databases = databases(configuration, stores);
    topics = new Topics(configuration, databases, observer);
    if (role != Role.API) {
      for (SqsSettings queue : configuration.queues()) {
        var _ =
            topics.run(SqsSource.open(queue, configuration.longestWrite(queue.topic()), observer));
      }
      for (KafkaSettings kafka : configuration.kafka()) {
        var _ = topics.run(KafkaSource.open(kafka, observer));
      }
    }

    door = door(configuration);
    pushes =
        new SnsPushes(
            role == Role.INGEST || !stores ? List.of() : configuration.pushes(),
            ofSns,
            topics,
            door,
            observer);
    int eventLoops = Runtime.getRuntime().availableProcessors();
    reads =
        new ReadApi(
            vertx,
            configuration.served(),
            name -> Objects.requireNonNull(databases.get(name)).tables().news(),
            eventLoops,
            observer);
    Handler publish =
        stores
            ? new TopicsApi(configuration.publish(), topics, observer)
            : Application::refusePublishing;
    HealthApi health = new HealthApi(build.toString(), this::probes);
    Optional<Console> console =
        configuration.http().console() ? Optional.of(new Console()) : Optional.empty();
    adminApi = new AdminApi(metrics, reads.probes());
    vitalSigns = new VitalSigns(configuration, observer);
    Configuration.Public settings = configuration.http();
    LetterDesk desk = new LetterDesk(configuration, databases, observer);
    operate =
        new OperateApi(
            new OperateApi.Answers(
                new TopicReport(configuration, flows),
                desk,
                new HealthReport(history, build, role.label(), databases)),
            settings.endpoint().isLoopback(),
            configuration.publish().maxBodyBytes(),
            observer);
    http =
        new HttpListener(
            vertx, observer, () -> timed(settings, router(role, health, publish, console)));
    DeadLettersAdmin deadLetters = new DeadLettersAdmin(desk, this::locked);
    admin = new HttpListener(vertx, ofOthers(observer), () -> adminRouter(deadLetters));
    grace = configuration.http().grace();

    // Whoever asks from here on finds everything in its place.
    http.start(configuration.http().host(), configuration.http().port(), eventLoops);
    admin.start(configuration.admin().host(), configuration.admin().port(), 1);
    watch(configuration, role, stores);
    vitalSigns.keep(history, this::probes);
    observer.observed(
        new ServerStarted(build.toString(), httpPort(), adminPort(), since(startedNanos)));
  }

  private void watch(Configuration configuration, Role role, boolean stores) {
    vitalSigns.watch(topics, reads);
    vitalSigns.letters(databases, stores);
    vitalSigns.writers(databases);
    if (stores) {
      vitalSigns.archives(databases);
    }
    if (configuration.probe().url() != null || role != Role.INGEST) {
      vitalSigns.probe(httpPort());
    }
    if (role != Role.INGEST) {
      vitalSigns.canaries(databases, httpPort(), door.map(Door::ownToken));
    }
  }

  private Optional<Door> door(Configuration configuration) {
    return switch (configuration.auth()) {
      case AuthSettings.Missing ignored -> unlocked(false);
      case AuthSettings.None ignored -> unlocked(true);
      case AuthSettings.Locked locked ->
          Optional.of(new Door(locked, keys(configuration), observer));
    };
  }

  private Optional<ApiKeyStore> keys(Configuration configuration) {
    return configuration
        .keysDatabase()
        .map(name -> new ApiKeyStore(Objects.requireNonNull(databases.get(name)).database()));
  }

  private Optional<Door> unlocked(boolean writtenDown) {
    observer.observed(new ServerUnlocked(writtenDown));
    return Optional.empty();
  }

  private Handler locked(Handler handler) {
    return door.map(lock -> lock.before(handler)).orElse(handler);
  }

  private Map<String, WritableDatabase> databases(Configuration configuration, boolean stores) {
    Optional<MarkerKey> markerKey = Optional.ofNullable(configuration.canary().key());
    Map<String, WritableDatabase> opened = new LinkedHashMap<>();
    configuration
        .databases()
        .forEach(
            (name, database) ->
                opened.put(
                    name,
                    WritableDatabase.open(
                        stores ? database.writes() : database.answers(),
                        (schema, table) -> configuration.notes(name, schema, table),
                        configuration.inventedBounds(),
                        markerKey,
                        observer)));
    return opened;
  }

  private Handler router(Role role, HealthApi health, Handler publish, Optional<Console> console) {
    Router router = new Router();
    health.register(router);
    if (role == Role.INGEST) {
      reads.register(new Router()); // its connections answer the health checks
      return router;
    }
    pushes.register(router);
    Router locked = new Router().on("POST", "/topics/{topic}", publish);
    operate.register(locked);
    reads.register(locked);
    Handler api = locked(locked);
    console.ifPresent(page -> page.register(router, api));
    return router.otherwise(api);
  }

  private static void refusePublishing(Exchange exchange) {
    exchange.problem(
        Problem.of(
            ErrorCode.ESC145,
            "This process stores nothing: its login of the database (api-url) owns no table",
            "Publish to where the messages of the topic come from."));
  }

  private Handler timed(Configuration.Public settings, Handler router) {
    Handler packed =
        switch (settings.compression()) {
          case AUTO -> new Compression(router, observer);
          case OFF -> router;
        };
    Handler open = new Cors(settings.cors(), packed);
    return settings.serverTiming() ? new ServerTiming(open) : open;
  }

  private Handler adminRouter(DeadLettersAdmin deadLetters) {
    Router router = new Router();
    adminApi.register(router);
    new TopicsAdmin(topics, this::locked).register(router);
    deadLetters.register(router);
    return new Compression(router, observer);
  }

  /** What Prometheus and the orchestrator ask for is not what the API is asked for. */
  private static Observer ofOthers(Observer observer) {
    return observation -> {
      if (!(observation instanceof RequestServed)) {
        observer.observed(observation);
      }
    };
  }

  private List<HealthProbe> probes() {
    List<HealthProbe> probes = new ArrayList<>();
    probes.add(apiHealth);
    probes.addAll(vitalSigns.probes());
    probes.addAll(reads.probes());
    topics.invented().ifPresent(probes::add);
    probes.addAll(topics.probes());
    probes.addAll(pushes.probes());
    return probes;
  }

  /** The port of the public listener. */
  public int httpPort() {
    return http.port();
  }

  /** The port of the admin listener. */
  public int adminPort() {
    return admin.port();
  }

  /**
   * Stops without losing anything: not ready any more; who listens to a table goes on at another
   * instance; running requests are answered, those that publish before their topics close, and
   * sources drained and settled meanwhile; then nobody needs the connections to databases any more.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    long startedNanos = System.nanoTime();
    observer.observed(new ServerStopping("asked to"));
    adminApi.stopping();
    vitalSigns.close();
    reads.endTails();
    Future<Void> answered = http.shutdown(grace);
    http.awaitPublished(PUBLISHING);
    topics.close();
    answered.await();
    pushes.close();
    admin.close();
    reads.close();
    door.ifPresent(Door::close);
    databases.values().forEach(WritableDatabase::close);
    vertx.close().await();
    otlp.ifPresent(Otlp::close);
    observer.observed(new ServerStopped(since(startedNanos)));
  }

  private static Duration since(long startedNanos) {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }
}
