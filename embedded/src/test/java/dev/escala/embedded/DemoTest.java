package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.HttpClients;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as people give it, with a part of the data. */
@Tag("integration")
class DemoTest {
  private final StringWriter out = new StringWriter();

  private int demo(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(out, true));
    return commandLine.execute(
        Stream.concat(Stream.of("demo"), Stream.of(arguments)).toArray(String[]::new));
  }

  @Test
  void everyMessageBecomesARowThatCanBeRead() {
    assertThat(demo("--exit", "--port", "0", "--sample", "700")).as(() -> out.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("airports +700 +700 +700 +0 +0 .* over HTTP")
        .containsPattern("flights +700 +700 +700 +0 +0 .* through SNS and SQS");
  }

  /** Told before PostgreSQL is started: nothing of it is in its directory. */
  @Test
  void aPortThatIsTakenIsToldFirst(@TempDir Path directory) throws IOException {
    Path data = directory.resolve("data");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      String before = Integer.toString(taken.getLocalPort() - 1);
      for (String asked : List.of(port, before)) {
        assertThat(demo("--exit", "--port", asked, "--data", data.toString())).isEqualTo(1);
        assertThat(out.toString())
            .contains("cannot listen on localhost:" + port)
            .contains("--port takes another.");
      }
    }
    assertThat(data).doesNotExist();
  }

  @Test
  void aPortThatThereIsNotIsRefused() {
    for (String port : List.of("-1", "65535", "99999")) {
      assertThat(demo("--exit", "--port", port)).isEqualTo(2);
    }
    assertThat(out.toString()).contains("--port must be from 0 to 65534");
  }

  /** The advice is about the directory, and not about the port. */
  @Test
  void aDirectoryThatCannotBeUsedHasItsOwnAdvice(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThat(demo("--exit", "--port", "0", "--data", file.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("The demo cannot start: " + file + " cannot be used as a directory")
        .contains("; --data takes another directory.")
        .doesNotContain("--port");
  }

  @Test
  void aSecondStartFindsTheData(@TempDir Path directory) {
    assertThat(demo("--exit", "--port", "0", "--sample", "50", "--data", directory.toString()))
        .as(() -> out.toString())
        .isZero();
    // What is there already is a duplicate, the rest is new.
    assertThat(demo("--exit", "--port", "0", "--sample", "90", "--data", directory.toString()))
        .as(() -> out.toString())
        .isZero();
    assertThat(demo("--exit", "--port", "0", "--sample", "90", "--data", directory.toString()))
        .as(() -> out.toString())
        .isZero();
    assertThat(out.toString())
        .containsPattern("flights +90 +90 +90 +0 +0 +found here")
        .contains(directory + " was empty; the data stays there.")
        .contains("an earlier start left 50 airports and 50 flights; what is missing is loaded.")
        .contains("an earlier start left 90 airports and 90 flights; what is missing is loaded.");
  }

  /** Else its page of health would begin with a promise that is broken. */
  @Test
  void nothingFailsAtItsStart() throws Exception {
    try (Demo demo = Demo.start(0, Optional.empty());
        HttpClient client = HttpClients.create()) {
      URI metrics = URI.create("http://localhost:" + demo.adminPort() + "/metrics");
      HttpRequest request = HttpRequest.newBuilder(metrics).build();
      assertThat(client.send(request, BodyHandlers.ofString()).body())
          .contains("catalog_relations{")
          .doesNotContain("code=\"5xx\"");
    }
  }
}
