package dev.escala.slo.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.EscalaCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SloCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(String... arguments) {
    CommandLine commandLine = EscalaCommand.commandLine();
    commandLine.addSubcommand(new SloCommand());
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  private int check() {
    return run("slo", "check", "--from", "../ops/slo", "--out", folder.toString());
  }

  private void generate(String... more) {
    String[] arguments = {"slo", "generate", "--from", "../ops/slo", "--out", folder.toString()};
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    assertThat(run(all)).isZero();
  }

  @Test
  void whatIsCommittedIsWhatTheFilesSay() {
    assertThat(run("slo", "check", "--from", "../ops/slo", "--out", "../ops"))
        .as("run ./escala slo generate: %s", err)
        .isZero();
  }

  @Test
  void whatWasGeneratedPassesTheCheck() {
    generate();
    assertThat(check()).isZero();
    assertThat(out.toString()).contains("files are what the SLO files say");
  }

  @Test
  void theFleetFileNamesTheSystems() throws IOException {
    Path fleet =
        Files.writeString(
            folder.resolve("mine.yaml"),
            "systems: [{name: mine, team: t, region: eu, tier: standard, tasks: {all: 1}}]");
    generate("--fleet", fleet.toString());
    assertThat(folder.resolve("prometheus/inventory.yml"))
        .content()
        .contains("system: mine")
        .doesNotContain("departures");
    int missing =
        run(
            "slo",
            "check",
            "--from",
            "../ops/slo",
            "--fleet",
            folder.resolve("no.yaml").toString());
    assertThat(missing).isEqualTo(2);
    assertThat(err.toString()).contains("no.yaml cannot be read; name the fleet file with --fleet");
  }

  @Test
  void everyDifferenceIsNamed() throws IOException {
    generate();
    Path rules = folder.resolve("prometheus/rules/indicators.yml");
    Files.writeString(rules, Files.readString(rules).replace("0.9999", "0.9"));
    assertThat(check()).isEqualTo(1);
    Files.delete(rules);
    assertThat(check()).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            """
            %s differs
            escala slo generate makes them anew
            %s is missing
            escala slo generate makes them anew
            """
                .formatted(rules, rules));
  }

  @Test
  void whatIsNotMadeAnyMoreIsNamed() throws IOException {
    generate();
    Path old = Files.writeString(folder.resolve("prometheus/rules/old.yml"), "groups: []\n");
    assertThat(check()).isEqualTo(1);
    assertThat(err.toString()).startsWith(old + " is not made any more; delete it\n");
  }

  @Test
  void aDrillIsNotWhatIsCommitted() {
    generate("--time-scale", "60");
    assertThat(check()).isEqualTo(1);
  }

  @Test
  void whatCannotBeRightEndsWithTwo() throws IOException {
    assertThat(run("slo")).isEqualTo(2);
    assertThat(run("slo", "check", "--from", "/no/such/folder")).isEqualTo(2);
    assertThat(run("slo", "generate", "--time-scale", "0")).isEqualTo(2);
    Files.writeString(folder.resolve("a.yaml"), "kind: SLO\n");
    assertThat(run("slo", "check", "--from", folder.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("There is no folder /no/such/folder")
        .contains("--time-scale must be 1 or more")
        .contains("a.yaml: apiVersion: is missing");
  }
}
