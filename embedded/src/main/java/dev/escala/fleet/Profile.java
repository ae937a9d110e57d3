package dev.escala.fleet;

import dev.escala.config.Section;
import java.time.Duration;

/**
 * How much a system has to do.
 *
 * @param requests a second
 * @param messages a second
 * @param read what a read takes at the median
 */
record Profile(int requests, int messages, Duration read) {
  private static final int MOST = 1_000;
  private static final Duration READ = Duration.ofMillis(8);

  static Profile read(Section section) {
    return new Profile(
        section.integer("requests", 1, 0, MOST),
        section.integer("messages", 1, 0, MOST),
        section.duration("read", READ));
  }
}
