package dev.escala.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server takes of memory for what it does, by the counters that its JVM keeps for each
 * thread: stable where times are not.
 */
final class Allocation {
  private static final Pattern OF_A_THREAD = Pattern.compile("\\ballocated=(\\d+)([BKMG])");
  private static final String UNITS = "BKMG";

  private final long pid;

  Allocation(long pid) {
    this.pid = pid;
  }

  /**
   * Bytes for each of what is done.
   *
   * @param done does it, and says how often
   */
  double each(Callable<Double> done) throws Exception {
    long before = bytes();
    double times = done.call();
    return (bytes() - before) / times;
  }

  private long bytes() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Matcher thread =
        OF_A_THREAD.matcher(Shell.run(List.of(jcmd, Long.toString(pid), "Thread.print", "-e")));
    long bytes = 0;
    while (thread.find()) {
      bytes += Long.parseLong(thread.group(1)) << (10 * UNITS.indexOf(thread.group(2)));
    }
    return bytes;
  }
}
