package dev.escala.serve.database;

import dev.escala.config.TargetServer;
import java.util.List;
import java.util.stream.IntStream;

/** Which of several servers may be read from. */
final class ServerChoice {
  private ServerChoice() {}

  /** What was seen of a server when it was looked at last. */
  enum Seen {
    /** It did not answer in time, or was never asked. */
    AWAY,
    /** It takes writes. */
    PRIMARY,
    /** It follows a primary, and is not behind for longer than allowed. */
    STANDBY,
    /** It answers, and what is read from it may be older than allowed. */
    BEHIND
  }

  /**
   * The numbers of those that may be read, in their order; none where none is what is asked for.
   */
  static List<Integer> of(TargetServer target, List<Seen> servers) {
    List<Integer> primaries = all(servers, Seen.PRIMARY);
    List<Integer> standbys = all(servers, Seen.STANDBY);
    return switch (target) {
      case ANY ->
          IntStream.range(0, servers.size())
              .filter(i -> primaries.contains(i) || standbys.contains(i))
              .boxed()
              .toList();
      case PRIMARY -> primaries;
      case STANDBY -> standbys;
      case PREFER_STANDBY -> standbys.isEmpty() ? primaries : standbys;
    };
  }

  private static List<Integer> all(List<Seen> servers, Seen wanted) {
    return IntStream.range(0, servers.size())
        .filter(i -> servers.get(i) == wanted)
        .boxed()
        .toList();
  }
}
