package dev.escala.app;

import dev.escala.http.Handler;
import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.observe.Observation.ServerStarted;
import dev.escala.observe.Observation.ServerStopped;
import dev.escala.observe.Observation.ServerStopping;
import dev.escala.observe.Observer;
import dev.escala.ops.AdminApi;
import dev.escala.ops.ApiHealth;
import dev.escala.ops.ApiProbe;
import dev.escala.ops.HealthApi;
import dev.escala.ops.LogObserver;
import dev.escala.ops.MetricsObserver;
import dev.escala.ops.PublicApi;
import dev.escala.ops.Rounds;
import dev.escala.serve.ReadApi;
import dev.escala.source.http.TopicsApi;
import dev.escala.source.sqs.SqsSettings;
import dev.escala.source.sqs.SqsSource;
import dev.escala.store.postgres.PostgresStore;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** The running server: the whole graph, built in the order of the data's way, and its end. */
public final class Application implements AutoCloseable {
  private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::", "");
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);

  /** As often as SQS counts anew. */
  private static final Duration BACKLOGS_EVERY = Duration.ofSeconds(15);

  /** Vert.x serves no files here; its cache of them would need a folder that it may write to. */
  private static final FileSystemOptions WITHOUT_FILES =
      new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

  private final Vertx vertx;
  private final Observer observer;
  private final Map<String, PostgresStore> stores;
  private final Topics topics;
  private final ReadApi reads;
  private final HttpListener http;
  private final AdminApi adminApi;
  private final HttpListener admin;
  private final Rounds rounds;
  private final List<HealthProbe> probes = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What a process does of all that the configuration says. */
  public enum Role {
    /** Everything. */
    ALL,
    /** Takes from the sources, and serves nothing but its health. */
    INGEST,
    /** Answers requests, publishing among them, and takes from no queue. */
    API
  }

  /** Starts everything that the role does; returns when requests are answered. */
  public static Application start(Configuration configuration, Role role) {
    return new Application(configuration, role);
  }

  private Application(Configuration configuration, Role role) {
    long startedNanos = System.nanoTime();
    Build build = Build.current();
    MetricsObserver metrics = new MetricsObserver(configuration.system(), build.toString());
    ApiHealth apiHealth = new ApiHealth();
    observer = Observer.all(metrics, new LogObserver(), apiHealth);
    vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(WITHOUT_FILES));

    stores = stores(configuration, observer);
    topics = new Topics(configuration, stores, observer);
    if (role != Role.API) {
      for (SqsSettings queue : configuration.queues()) {
        topics.run(SqsSource.open(queue, observer));
      }
    }

    reads =
        new ReadApi(
            vertx,
            configuration.databases().values().stream().map(Configuration.Database::reads).toList(),
            observer);
    TopicsApi publish = new TopicsApi(configuration.publish(), topics, observer);
    HealthApi health = new HealthApi(build.toString(), this::probes);
    probes.add(apiHealth);
    probes.addAll(reads.probes());
    int eventLoops = Runtime.getRuntime().availableProcessors();
    http =
        new HttpListener(vertx, observer, () -> router(role, health, publish))
            .start(configuration.http().host(), configuration.http().port(), eventLoops);

    adminApi = new AdminApi(metrics, reads.probes());
    admin =
        new HttpListener(vertx, ofOthers(observer), this::adminRouter)
            .start(configuration.admin().host(), configuration.admin().port(), 1);
    rounds = new Rounds(observer);
    watch(configuration, role);
    observer.observed(
        new ServerStarted(build.toString(), httpPort(), adminPort(), since(startedNanos)));
  }

  private static Map<String, PostgresStore> stores(Configuration configuration, Observer observer) {
    Map<String, PostgresStore> stores = new LinkedHashMap<>();
    configuration
        .databases()
        .forEach(
            (name, database) -> stores.put(name, PostgresStore.open(database.writes(), observer)));
    return stores;
  }

  private Handler router(Role role, HealthApi health, TopicsApi publish) {
    Router router = new Router();
    health.register(router);
    if (role == Role.INGEST) {
      reads.register(new Router()); // its connections answer the health checks
      return router;
    }
    router.on("POST", "/topics/{topic}", publish);
    reads.register(router);
    return router;
  }

  private Handler adminRouter() {
    Router router = new Router();
    adminApi.register(router);
    return router;
  }

  /** What Prometheus and the orchestrator ask for is not what the API is asked for. */
  private static Observer ofOthers(Observer observer) {
    return observation -> {
      if (!(observation instanceof RequestServed)) {
        observer.observed(observation);
      }
    };
  }

  private void watch(Configuration configuration, Role role) {
    Duration every = configuration.probe().every();
    reads.watch(every);
    rounds.every(every, "measure topics", topics::measure);
    rounds.every(BACKLOGS_EVERY, "measure backlogs", topics::measureBacklogs);
    URI url = configuration.probe().url();
    if (url != null || role != Role.INGEST) {
      URI base = url == null ? ownUrl(configuration.http().host()) : url;
      ApiProbe probe = new ApiProbe(new PublicApi(base, PROBE_PATIENCE), observer);
      probes.add(probe);
      rounds.every(every, "probe the API", probe::look);
    }
  }

  private URI ownUrl(String host) {
    String reachable = ANY_ADDRESS.contains(host) ? "127.0.0.1" : host;
    String literal = reachable.contains(":") ? "[" + reachable + "]" : reachable;
    return URI.create("http://" + literal + ":" + httpPort());
  }

  private List<HealthProbe> probes() {
    List<HealthProbe> all = new ArrayList<>(probes);
    all.addAll(topics.probes());
    return all;
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
   * Stops without losing anything: not ready any more, sources drained and settled, running
   * requests answered, connections closed.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    long startedNanos = System.nanoTime();
    observer.observed(new ServerStopping("asked to"));
    adminApi.stopping();
    rounds.close();
    topics.close();
    http.close();
    admin.close();
    reads.close();
    stores.values().forEach(PostgresStore::close);
    vertx.close().await();
    observer.observed(new ServerStopped(since(startedNanos)));
  }

  private static Duration since(long startedNanos) {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }
}
