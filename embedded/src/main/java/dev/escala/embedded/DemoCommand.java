package dev.escala.embedded;

import dev.escala.app.CommandFailed;
import dev.escala.app.Terminal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = "PostgreSQL, SQS and 20,000 real flights in one process.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int HIGHEST_PORT = 65_534;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "The server's port; the admin port follows it. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the data here; a second start finds it. Default: gone at the end.")
  private @Nullable Path data;

  @Option(
      names = "--exit",
      description = "Load, read every message back, print a summary, stop; 0 only if all is there.")
  private boolean exit;

  @Option(names = "--sample", hidden = true, defaultValue = "2147483647")
  private int sample;

  DemoCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("Starting PostgreSQL, SQS and Escala …");
    long start = System.nanoTime();
    Demo demo = start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!exit) {
                    System.err.println("\nStopping …");
                  }
                  demo.close();
                },
                "shutdown"));
    demo.database()
        .stoppedOrphan()
        .ifPresent(
            pid ->
                out.printf(
                    "An earlier demo ended without stopping PostgreSQL (process %d); it was"
                        + " stopped, and its data is kept.%n",
                    pid));
    out.printf("Console: %s/%n", demo.url());
    out.printf(
        "Ready after %.1f s, with PostgreSQL %s.%n",
        (System.nanoTime() - start) / 1e9, demo.database().version());
    sayWhatIsThere(demo, out);
    out.println();
    try {
      List<Loaded> loaded = new DemoData(demo, sample, Terminal.standardError()).load();
      return exit ? verify(demo, loaded, out) : serve(demo, loaded, out);
    } catch (RuntimeException | CommandFailed failure) {
      if (!demo.isClosed()) {
        throw failure;
      }
      return CommandFailed.EXIT_CODE; // stopped in the middle: nobody's fault, and nothing to tell
    } finally {
      demo.close();
    }
  }

  private Demo start() throws CommandFailed {
    if (port < 0 || port > HIGHEST_PORT) {
      throw CommandFailed.configuration(
          "--port must be from 0 to %d, since the admin port follows it".formatted(HIGHEST_PORT));
    }
    try {
      return Demo.start(port, Optional.ofNullable(data));
    } catch (CannotStart told) {
      throw CommandFailed.failed("The demo cannot start: " + told.getMessage());
    } catch (RuntimeException failure) {
      String reason = String.valueOf(failure.getMessage());
      boolean taken = reason.startsWith("cannot listen"); // since it was looked at
      throw CommandFailed.failed(
          "The demo cannot start: " + reason + (taken ? "; --port takes another." : "."));
    }
  }

  /** What is in the directory of {@code --data}. */
  private void sayWhatIsThere(Demo demo, PrintWriter out) {
    if (data == null) {
      return;
    }
    out.println(
        demo.database().kept()
            ? String.format(
                Locale.ROOT,
                "In %s an earlier start left %,d airports and %,d flights; what is missing is"
                    + " loaded.",
                data,
                demo.database().count("airports"),
                demo.database().count("flights"))
            : "%s was empty; the data stays there.".formatted(data));
  }

  private static int verify(Demo demo, List<Loaded> loaded, PrintWriter out)
      throws CommandFailed, InterruptedException {
    out.printf(
        "%n  %-10s%12s%10s%11s%7s%8s%n", "", "published", "stored", "readable", "lost", "twice");
    boolean fine = true;
    for (Loaded topic : loaded) {
      Verification verification = Verification.of(demo, topic);
      out.println("  " + verification.line());
      fine &= verification.isPerfect();
    }
    out.println(fine ? "\nEvery message is a row, and every row was read back." : "\nNOT COMPLETE");
    return fine ? 0 : CommandFailed.EXIT_CODE;
  }

  private static int serve(Demo demo, List<Loaded> loaded, PrintWriter out)
      throws InterruptedException {
    out.println();
    loaded.forEach(topic -> out.printf("  %-10s %s%n", topic.topic(), topic.rate()));
    out.println(
        """

        Console: http://URL/

        Try:
          curl 'URL/flights/flights?origin=eq.LAX&order=delay_minutes.desc&limit=3'
          curl -G URL/flights --data-urlencode 'q=select origin, avg(delay_minutes) from flights group by origin order by 2 desc limit 5'
          curl URL/topics/greetings -d '{"hello": "world"}' && curl URL/flights/greetings

        Health: URL/health · metrics: http://localhost:ADMIN/metrics · Ctrl-C stops.\
        """
            .replace("URL", demo.url().toString().replace("http://", ""))
            .replace("ADMIN", Integer.toString(demo.adminPort())));
    out.flush();
    new CountDownLatch(1).await();
    return 0;
  }
}
