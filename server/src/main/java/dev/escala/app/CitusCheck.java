package dev.escala.app;

import dev.escala.decode.Distribution;
import dev.escala.decode.TopicSettings;
import dev.escala.postgres.CitusLook;
import dev.escala.store.StoreException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code check --live} says of the workers of Citus. */
final class CitusCheck {
  private CitusCheck() {}

  /** Says nothing of a database that has no Citus where no topic asks for it. */
  static boolean tell(PrintWriter out, String database, Configuration configuration) {
    int shards =
        topics(configuration)
            .filter(topic -> topic.table().database().equals(database))
            .map(topic -> topic.maintenance().distribution())
            .filter(Distribution::byKey)
            .mapToInt(Distribution::shards)
            .max()
            .orElse(0);
    Configuration.Database settings = configuration.databases().get(database);
    if (settings == null) {
      return true;
    }
    try {
      Optional<CitusLook> look = CitusLook.at(settings.writes(), shards);
      if (look.isEmpty()) {
        return shards == 0 || failed(out, database, "distribute: key needs the extension citus");
      }
      return tell(out, database, look.get());
    } catch (StoreException refused) {
      return failed(out, database, refused.detail());
    }
  }

  private static Stream<TopicSettings> topics(Configuration configuration) {
    return Stream.concat(
        configuration.topics().values().stream().map(Configuration.Topic::rows),
        configuration.wildcard().stream());
  }

  private static boolean tell(PrintWriter out, String database, CitusLook look) {
    List<String> troubles = look.troubles();
    if (troubles.isEmpty()) {
      out.println(
          "  %-5s Citus %s in %s: %d workers"
              .formatted("ok", look.version(), database, look.workers()));
    }
    troubles.forEach(trouble -> failed(out, database, trouble));
    look.advice()
        .forEach(
            advice -> out.println("  %-5s Citus in %s: %s".formatted("warn", database, advice)));
    return troubles.isEmpty();
  }

  private static boolean failed(PrintWriter out, String database, String trouble) {
    out.println("  %-5s Citus in %s: %s".formatted("FAIL", database, trouble));
    return false;
  }
}
