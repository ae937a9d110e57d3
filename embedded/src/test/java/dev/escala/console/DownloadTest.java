package dev.escala.console;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.CommandFailed;
import dev.escala.browser.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All rows of a request as a file, by a link, and under a key put together in the page. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class DownloadTest {
  private static final String ASKED =
      "#/data/flights/flights?select=origin,delay_minutes&order=scheduled_at&delay_minutes=not.is.null";
  private static ConsoleRun run;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
  }

  @ParameterizedTest
  @CsvSource({
    "CSV, csv, false",
    "NDJSON, ndjson, false",
    "Arrow, arrows, false",
    "Parquet, parquet, false",
    "CSV, csv, true",
    "Parquet, parquet, true"
  })
  void eachFormatIsSaved(String name, String ending, boolean underKey)
      throws IOException, InterruptedException {
    Page page = run.open(ASKED).until("document.querySelector('.grid-cell')");
    page.downloadsTo(folder);
    if (underKey) {
      page.run("sessionStorage.setItem('escala.token', 'shown')");
    }
    page.click("button", "Download").click(".menu button", name);
    Path file = folder.resolve("flights." + ending);
    eventually("the file is whole", () -> Files.exists(file) && Files.size(file) > 0);
    holds(name, Files.readAllBytes(file));
    assertThat(page.troubles()).isEmpty();
  }

  private static void holds(String format, byte[] file) {
    String text = new String(file, StandardCharsets.UTF_8);
    switch (format) {
      case "CSV" -> {
        assertThat(text).startsWith("origin,delay_minutes");
        assertThat(text.lines().count()).isBetween(1000L, ConsoleRun.FLIGHTS + 1L);
      }
      case "NDJSON" -> {
        assertThat(text).startsWith("{\"origin\":");
        assertThat(text.lines()).allMatch(line -> line.endsWith("}"));
      }
      case "Arrow" ->
          assertThat(file)
              .startsWith(0xff, 0xff, 0xff, 0xff)
              .endsWith(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);
      default -> {
        byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
        assertThat(file).startsWith(magic);
        assertThat(Arrays.copyOfRange(file, file.length - 4, file.length)).isEqualTo(magic);
      }
    }
  }
}
