package dev.escala.fleet;

import dev.escala.app.CommandFailed;
import dev.escala.config.ConfigurationException;
import dev.escala.fleet.WatchedFleet.Watch;
import dev.escala.monitoring.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "fleet",
    description = "Fifty simulated systems, and a Prometheus with the rules that watches them.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class FleetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--ops",
      defaultValue = "${sys:escala.home:-.}/ops",
      paramLabel = "DIR",
      description = "Where fleet/fleet.yaml and slo/ are. Default: of this source tree.")
  private Path ops;

  @Option(
      names = "--incident",
      paramLabel = "KIND=SYSTEM",
      description = {
        "Goes wrong after 30 s, instead of what the file says; also KIND=region:REGION."
            + " Repeatable.",
        "Kinds: api-down, database-down, database-slow, messages-lost, topic-stuck, silent, gone,"
            + " never-started, prober-gone."
      })
  private List<String> incidents = new ArrayList<>();

  @Option(names = "--healthy", description = "No incidents at all.")
  private boolean healthy;

  @Option(
      names = "--times",
      defaultValue = "1",
      paramLabel = "N",
      description = "The same systems N times: 10 makes 500.")
  private int times;

  @Option(
      names = "--time-scale",
      defaultValue = "20",
      paramLabel = "N",
      description = "Rules run N times faster; 1 is real time. Default: ${DEFAULT-VALUE}")
  private int timescale;

  @Option(
      names = "--port",
      defaultValue = "9700",
      paramLabel = "PORT",
      description = "Of the systems; 0 takes a free one. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--prometheus-port",
      defaultValue = "9090",
      paramLabel = "PORT",
      description = "Of Prometheus; 0 takes a free one. Default: ${DEFAULT-VALUE}")
  private int prometheusPort;

  @Option(
      names = "--no-prometheus",
      description = "Only the systems, for a Prometheus that runs elsewhere.")
  private boolean noPrometheus;

  @Option(
      names = "--exit",
      description = "Wait until the rules have found the incidents, and no others; then stop.")
  private boolean exit;

  /** Made by the command line. */
  public FleetCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    if (timescale < 1 || times < 1) {
      throw CommandFailed.configuration("--time-scale and --times are 1 or more");
    }
    if (exit && noPrometheus) {
      throw CommandFailed.configuration("--exit asks Prometheus, which --no-prometheus leaves out");
    }
    Fleet fleet = fleet();
    PrintWriter out = spec.commandLine().getOut();
    requireFree(port, "--port");
    if (noPrometheus) {
      return withoutPrometheus(fleet, out);
    }
    if (!Tool.PROMETHEUS.isInstalled()) {
      throw CommandFailed.failed(
          Tool.PROMETHEUS.missing() + " --no-prometheus starts only the systems.");
    }
    requireFree(prometheusPort, "--prometheus-port");
    return watch(fleet, out);
  }

  private int watch(Fleet fleet, PrintWriter out) throws CommandFailed, InterruptedException {
    Watch watch = new Watch(ops.resolve("slo"), timescale, port, prometheusPort);
    try (WatchedFleet watched = WatchedFleet.start(fleet, watch, List.of())) {
      Runtime.getRuntime().addShutdownHook(new Thread(watched::close, "shutdown"));
      FleetReport report = new FleetReport(fleet, watched, timescale, out);
      report.tellWhatToLookAt();
      if (exit) {
        return report.findsExactlyWhatIsStruck() ? 0 : CommandFailed.EXIT_CODE;
      }
      report.tellChanges();
      return 0;
    } catch (IOException failure) {
      throw CommandFailed.failed("The fleet is not watched: " + failure.getMessage());
    } catch (ConfigurationException errors) {
      throw CommandFailed.configuration(String.valueOf(errors.getMessage()));
    }
  }

  private static void requireFree(int port, String option) throws CommandFailed {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      probe.getLocalPort();
    } catch (IOException | IllegalArgumentException taken) {
      throw CommandFailed.failed(
          "Port %d cannot be had: %s. %s takes another, or 0 for a free one."
              .formatted(port, taken.getMessage(), option));
    }
  }

  private Fleet fleet() throws CommandFailed {
    Path file = ops.resolve("fleet/fleet.yaml");
    if (!Files.exists(file)) {
      throw CommandFailed.configuration("There is no file " + file + "; name its ops/ with --ops");
    }
    try {
      Fleet fleet = Fleet.read(file).times(times);
      return healthy || !incidents.isEmpty() ? fleet.with(asked(fleet)) : fleet;
    } catch (ConfigurationException errors) {
      throw CommandFailed.configuration(String.valueOf(errors.getMessage()));
    } catch (IOException unreadable) {
      throw CommandFailed.configuration("%s cannot be read: %s".formatted(file, unreadable));
    }
  }

  private List<Incident> asked(Fleet fleet) throws CommandFailed {
    List<Incident> asked = new ArrayList<>();
    for (String text : incidents) {
      Incident incident =
          Incident.parse(text)
              .filter(parsed -> !fleet.struckBy(parsed).isEmpty())
              .orElseThrow(
                  () ->
                      CommandFailed.configuration(
                          "--incident %s strikes nothing; it is KIND=SYSTEM or KIND=region:REGION, kinds are %s"
                              .formatted(text, String.join(", ", Incident.words()))));
      asked.add(incident);
    }
    return asked;
  }

  private Integer withoutPrometheus(Fleet fleet, PrintWriter out)
      throws CommandFailed, InterruptedException {
    try (FleetServer server = FleetServer.start(fleet, Pace.of(timescale), port)) {
      out.printf(
          "%d systems answer; a Prometheus finds them at %s (http_sd). Ctrl-C stops.%n",
          fleet.systems().size(), server.targets());
      out.flush();
      new CountDownLatch(1).await();
      return 0;
    } catch (IOException failure) {
      throw CommandFailed.failed("The fleet cannot start: " + failure.getMessage());
    }
  }
}
