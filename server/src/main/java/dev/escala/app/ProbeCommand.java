package dev.escala.app;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.config.Section;
import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.observe.Observer;
import dev.escala.ops.ApiProbe;
import dev.escala.ops.LogObserver;
import dev.escala.ops.LogSettings;
import dev.escala.ops.Logging;
import dev.escala.ops.MetricsObserver.Scrape;
import dev.escala.ops.PeriodicTasks;
import dev.escala.ops.ProberMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "probe",
    description = "Asks systems from outside, as their users do, and tells Prometheus.",
    mixinStandardHelpOptions = true)
final class ProbeCommand implements Callable<Integer> {
  private static final Duration EVERY = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int ADMIN_PORT = 8081;
  private static final String WHOLE = "ESCALA_PROBE";
  private static final String ALIVE = "{\"status\":\"ok\"}";

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Such as probe.yaml. Without it: the text in the variable ESCALA_PROBE.")
  private @Nullable Path file;

  @Option(names = "--once", description = "Ask each system once, and end with 1 if one fails.")
  private boolean once;

  ProbeCommand() {}

  /**
   * Whom to ask, how often, and where Prometheus finds the answers.
   *
   * @param host the address that {@code /metrics} listens on
   */
  record Settings(Duration every, String host, int port, List<ProbeTarget> targets) {
    Settings {
      targets = List.copyOf(targets);
    }

    static Settings read(Section root) {
      List<ProbeTarget> targets = new ArrayList<>();
      Set<Object> names = new HashSet<>();
      for (Section section : root.list("targets")) {
        ProbeTarget target = ProbeTarget.read(section);
        targets.add(target);
        if (!names.add(target.system())) {
          section.reject("system", "is asked already");
        }
      }
      if (targets.isEmpty()) {
        root.reject("targets", "names none");
      }
      Section admin = root.section("admin");
      return new Settings(
          root.duration("every", EVERY),
          admin.text("host", "127.0.0.1"),
          admin.integer("port", ADMIN_PORT, 0, 65_535),
          targets);
    }
  }

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    Settings settings = settings(file, System.getenv()::get);
    if (once) {
      return askedOnce(settings, spec.commandLine().getOut());
    }
    Logging.configure(new LogSettings(LogSettings.Format.AUTO, LogSettings.Level.INFO), System.out);
    Running running = new Running(settings);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  running.close();
                  stopped.countDown();
                },
                "shutdown"));
    stopped.await();
    return 0;
  }

  /** Of the file, or of {@code ESCALA_PROBE}: a task of a container has no file of its own. */
  static Settings settings(@Nullable Path file, Function<String, @Nullable String> environment)
      throws CommandFailed {
    String name = file == null ? WHOLE : file.toString();
    try {
      String yaml = file == null ? environment.apply(WHOLE) : Files.readString(file);
      if (yaml == null || yaml.isBlank()) {
        throw CommandFailed.configuration(name + " is empty: it says whom to ask.");
      }
      return ConfigurationFile.read(name, yaml, environment, Settings::read);
    } catch (ConfigurationException errors) {
      throw CommandFailed.configuration(String.valueOf(errors.getMessage()));
    } catch (IOException unreadable) {
      throw CommandFailed.configuration("%s cannot be read: %s".formatted(name, unreadable));
    }
  }

  private static int askedOnce(Settings settings, PrintWriter out) {
    int exitCode = 0;
    for (ProbeTarget target : settings.targets()) {
      String trouble;
      try {
        trouble = target.trouble(target.api(PATIENCE));
      } catch (IOException noAnswer) {
        trouble = String.valueOf(noAnswer.getMessage());
      }
      out.printf("%s: %s%n", target.system().system(), trouble.isEmpty() ? "ok" : trouble);
      exitCode = trouble.isEmpty() ? exitCode : CommandFailed.EXIT_CODE;
    }
    out.flush();
    return exitCode;
  }

  /** Asks again and again, and answers {@code /metrics} and {@code /live}. */
  static final class Running implements AutoCloseable {
    private static final Observer NOBODY = observation -> {};

    private final Vertx vertx =
        AcceptingTransport.vertx(new VertxOptions(), ConnectionSettings.standard(), NOBODY);
    private final PeriodicTasks periodic = new PeriodicTasks(new LogObserver());
    private final HttpListener listener;

    Running(Settings settings) {
      Duration fresh = settings.every().multipliedBy(2).plus(PATIENCE);
      ProberMetrics metrics = new ProberMetrics(fresh);
      listener = new HttpListener(vertx, NOBODY, () -> router(metrics));
      listener.start(settings.host(), settings.port(), 1);
      for (ProbeTarget target : settings.targets()) {
        Observer observer = Observer.all(metrics.of(target.system()), new LogObserver());
        ApiProbe probe = new ApiProbe(target.api(PATIENCE), target::trouble, observer);
        periodic.every(settings.every(), "ask " + target.system().system(), probe::look);
      }
    }

    private static Router router(ProberMetrics metrics) {
      return new Router()
          .on(
              "GET|HEAD",
              "/metrics",
              exchange -> {
                Scrape scrape = metrics.scrape(exchange.header("Accept"));
                exchange.answer(200, scrape.contentType(), scrape.body());
              })
          .on("GET|HEAD", "/live", exchange -> exchange.json(200, ALIVE));
    }

    int port() {
      return listener.port();
    }

    @Override
    public void close() {
      periodic.close();
      listener.close();
      var _ = vertx.close().await();
    }
  }
}
