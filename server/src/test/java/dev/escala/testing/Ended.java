package dev.escala.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How a program ended, and what it printed; both of its outputs are one. */
public record Ended(int exitCode, String output) {

  /** Runs it to its end, with nothing to read. */
  public static Ended run(ProcessBuilder program) throws IOException, InterruptedException {
    Process process = program.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  /** It must have ended well. */
  public Ended orFail() {
    if (exitCode != 0) {
      throw new AssertionError("ended with " + exitCode + ":\n" + output);
    }
    return this;
  }
}
