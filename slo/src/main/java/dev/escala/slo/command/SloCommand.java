package dev.escala.slo.command;

import dev.escala.app.CommandFailed;
import dev.escala.config.ConfigurationException;
import dev.escala.dashboard.GrafanaFiles;
import dev.escala.slo.AlertmanagerConfig;
import dev.escala.slo.Artifact;
import dev.escala.slo.ArtifactGenerator;
import dev.escala.slo.Inventory;
import dev.escala.slo.InventoryRules;
import dev.escala.slo.Presentation;
import dev.escala.slo.PrometheusConfig;
import dev.escala.slo.RuleFiles;
import dev.escala.slo.SloBook;
import dev.escala.slo.SloFiles;
import dev.escala.slo.Timescale;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** From the SLO files to what watches the product. */
@Command(
    name = "slo",
    description = "Makes rules, alerts and dashboards out of the SLO files.",
    mixinStandardHelpOptions = true)
public final class SloCommand implements Runnable {
  /** Everything that is made out of the SLO files alone. */
  static final List<ArtifactGenerator> GENERATORS =
      List.of(new RuleFiles(), new PrometheusConfig(), new AlertmanagerConfig());

  @Spec private CommandSpec spec;

  /** To be added to the command line. */
  public SloCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "generate or check?");
  }

  /** Where things are, for both commands. */
  static final class Folders {
    @Option(
        names = "--from",
        defaultValue = "ops/slo",
        paramLabel = "DIR",
        description = "The SLO files (${DEFAULT-VALUE}).")
    private Path from;

    @Option(
        names = "--out",
        defaultValue = "ops",
        paramLabel = "DIR",
        description = "Where the made files stand (${DEFAULT-VALUE}).")
    private Path out;

    @Option(
        names = "--fleet",
        paramLabel = "FILE",
        description =
            "Which systems there should be, and where dashboards lead to. Default: fleet/fleet.yaml"
                + " beside DIR.")
    private @Nullable Path fleet;

    Folders() {}

    private Inventory inventory() throws CommandFailed, ConfigurationException {
      Path file = fleet == null ? from.resolveSibling("fleet/fleet.yaml") : fleet;
      try {
        return Inventory.read(file);
      } catch (IOException unreadable) {
        throw CommandFailed.configuration(
            "%s cannot be read; name the fleet file with --fleet".formatted(file));
      }
    }

    private List<Artifact> artifacts(Presentation presentation) throws CommandFailed {
      if (!Files.isDirectory(from)) {
        throw CommandFailed.configuration("There is no folder " + from + "; name one with --from");
      }
      try {
        SloBook book = SloFiles.read(from);
        Inventory inventory = inventory();
        Stream<ArtifactGenerator> ofFleet =
            Stream.of(new InventoryRules(inventory), new GrafanaFiles(inventory.destinations()));
        return Stream.concat(GENERATORS.stream(), ofFleet)
            .flatMap(generator -> generator.artifacts(book, presentation).stream())
            .toList();
      } catch (ConfigurationException errors) {
        throw CommandFailed.configuration(String.valueOf(errors.getMessage()));
      }
    }
  }

  /** What may differ from what is committed. */
  static final class Options {
    @Option(
        names = "--time-scale",
        defaultValue = "1",
        paramLabel = "N",
        description = "For drills: windows and waiting times N times shorter.")
    private int timescale;

    @Option(
        names = "--runbook-base",
        defaultValue = "",
        paramLabel = "URL",
        description = "In front of docs/runbooks/... in the links of alerts.")
    private String runbooks;

    @Option(
        names = "--dashboard-base",
        defaultValue = "",
        paramLabel = "URL",
        description = "In front of d/escala-... in the links of alerts.")
    private String dashboards;

    @Option(
        names = "--watchdog-url",
        paramLabel = "URL",
        description = "The dead man's switch that hears that the alerting is alive.")
    private String watchdog = Presentation.COMMITTED.watchdog();

    Options() {}

    private Presentation presentation() throws CommandFailed {
      if (timescale < 1) {
        throw CommandFailed.configuration("--time-scale must be 1 or more, not " + timescale);
      }
      return new Presentation(new Timescale(timescale), runbooks, dashboards, watchdog);
    }
  }

  @Command(name = "generate", description = "Writes the files.", mixinStandardHelpOptions = true)
  int generate(@Mixin Folders folders, @Mixin Options options) throws CommandFailed, IOException {
    List<Artifact> artifacts = folders.artifacts(options.presentation());
    for (Artifact artifact : artifacts) {
      Path file = folders.out.resolve(artifact.path());
      Files.createDirectories(file.getParent());
      Files.writeString(file, artifact.content());
    }
    out().println(artifacts.size() + " files in " + folders.out);
    return 0;
  }

  @Command(
      name = "check",
      description = "Tells whether the files are what would be made now; reads the SLO files.",
      mixinStandardHelpOptions = true)
  int check(@Mixin Folders folders) throws CommandFailed, IOException {
    List<Artifact> artifacts = folders.artifacts(Presentation.COMMITTED);
    List<String> differing = differing(folders.out, artifacts);
    if (differing.isEmpty()) {
      out().println(artifacts.size() + " files are what the SLO files say");
      return 0;
    }
    throw CommandFailed.failed(
        String.join("\n", differing) + "\nescala slo generate makes them anew");
  }

  /** One line for each file that is not as it would be made, or would not be made at all. */
  private static List<String> differing(Path out, List<Artifact> artifacts) throws IOException {
    List<String> differing = new ArrayList<>();
    Set<Path> made = new TreeSet<>();
    Set<Path> parents = new TreeSet<>();
    for (Artifact artifact : artifacts) {
      Path file = out.resolve(artifact.path());
      made.add(file);
      parents.add(file.getParent());
      if (!Files.exists(file)) {
        differing.add(file + " is missing");
      } else if (!Files.readString(file).equals(artifact.content())) {
        differing.add(file + " differs");
      }
    }
    for (Path parent : parents) {
      if (Files.isDirectory(parent)) {
        try (Stream<Path> files = Files.list(parent)) {
          files
              .filter(file -> Files.isRegularFile(file) && !made.contains(file))
              .sorted()
              .forEach(file -> differing.add(file + " is not made any more; delete it"));
        }
      }
    }
    return differing;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
