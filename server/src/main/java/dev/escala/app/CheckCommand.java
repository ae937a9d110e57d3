package dev.escala.app;

import dev.escala.decode.TopicSettings;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.postgres.ReplicationLook;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.QueryCheck;
import dev.escala.source.kafka.KafkaPublisher;
import dev.escala.source.kafka.KafkaSettings;
import dev.escala.source.kafka.KafkaSource;
import dev.escala.source.sqs.QueueLook;
import dev.escala.source.sqs.SqsSettings;
import dev.escala.store.StoreException;
import dev.escala.store.postgres.TableCounts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    description = "Tells all errors of a configuration at once.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "Such as escala.yaml.")
  private Path file;

  @Option(names = "--live", description = "Ask the databases, queues and brokers, too.")
  private boolean live;

  CheckCommand() {}

  @Override
  public Integer call() throws CommandFailed {
    Configuration configuration = ConfigurationSource.readToServe(file, System.getenv());
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%s is well formed: %d databases, %d topics%s, %d queues%s%s"
            .formatted(
                file,
                configuration.databases().size(),
                configuration.topics().size(),
                configuration.wildcard().isPresent() ? " and any other" : "",
                configuration.queues().size(),
                configuration.kafka().isEmpty()
                    ? ""
                    : ", %d topics of Kafka".formatted(configuration.kafka().size()),
                configuration.pushes().isEmpty()
                    ? ""
                    : ", %d pushed by SNS".formatted(configuration.pushes().size())));
    configuration.wildcard().ifPresent(any -> out.println(bounds(any, configuration.invented())));
    return !live || live(configuration, out) ? 0 : CommandFailed.EXIT_CODE;
  }

  private static String bounds(TopicSettings any, InventedSettings most) {
    return "  any other topic: at most %,d open in a process, %,d tables and %,d columns in %s, %,d columns in a table, %,d new tables a minute for a client"
        .formatted(
            most.most(),
            most.tables(),
            most.columns(),
            any.table().database(),
            any.maxColumns(),
            most.tablesPerMinute());
  }

  /** How much of that is used; whether the database answers is told already. */
  private static void room(PrintWriter out, Configuration configuration, String name) {
    Configuration.Database database = configuration.databases().get(name);
    if (database == null) {
      return;
    }
    InventedSettings most = configuration.invented();
    try {
      TableCounts used = TableCounts.look(database.writes(), configuration::isInvented);
      boolean full =
          InventedTopics.isNearlyFull(used.inventedTables(), most.tables())
              || InventedTopics.isNearlyFull(used.inventedColumns(), most.columns());
      out.println(
          "  %-5s topics that no configuration names: %,d of %,d tables, %,d of %,d columns in %s"
              .formatted(
                  full ? "warn" : "ok",
                  used.inventedTables(),
                  most.tables(),
                  used.inventedColumns(),
                  most.columns(),
                  name));
    } catch (StoreException away) {
      // told with the database
    }
  }

  private static boolean live(Configuration configuration, PrintWriter out) {
    boolean fine = true;
    Set<String> answering = new HashSet<>();
    for (Map.Entry<String, Configuration.Database> entry : configuration.databases().entrySet()) {
      Optional<String> trouble = PostgresDatabase.trouble(entry.getValue().writes());
      if (tell(out, "database " + entry.getKey(), trouble)) {
        answering.add(entry.getKey());
      }
    }
    fine &= answering.size() == configuration.databases().size();
    for (Map.Entry<String, Configuration.Database> entry : configuration.databases().entrySet()) {
      // What follows from a database that does not answer is not told again.
      if (answering.contains(entry.getKey())) {
        fine &= replication(out, entry.getKey(), entry.getValue());
        fine &= roles(out, entry.getKey(), entry.getValue(), configuration.auth().readingRoles());
        fine &= CitusCheck.tell(out, entry.getKey(), configuration);
        fine &= queries(out, entry.getKey(), entry.getValue().reads());
      }
    }
    configuration.inventedDatabase().ifPresent(name -> room(out, configuration, name));
    for (SqsSettings queue : configuration.queues()) {
      fine &=
          queue(out, queue.queue(), QueueLook.at(queue, configuration.longestWrite(queue.topic())));
    }
    for (KafkaSettings kafka : configuration.kafka()) {
      fine &= tell(out, "kafka topics " + kafka.names(), KafkaSource.trouble(kafka));
    }
    if (configuration.canary().enabled()) {
      for (KafkaSettings kafka : CanaryTargets.written(configuration)) {
        String what = "kafka topic %s for markers".formatted(kafka.subscribe().getFirst());
        fine &= tell(out, what, KafkaPublisher.trouble(kafka));
      }
    }
    return fine;
  }

  private static boolean queries(PrintWriter out, String name, DatabaseSettings database) {
    int published = database.dialect().queries().size();
    if (published == 0) {
      return true;
    }
    String what = "published queries of " + name;
    List<String> troubles = QueryCheck.troubles(database);
    troubles.forEach(trouble -> tell(out, what, Optional.of(trouble)));
    return troubles.isEmpty() ? tell(out, published + " " + what, Optional.empty()) : false;
  }

  private static boolean queue(PrintWriter out, String url, QueueLook look) {
    String what = "queue " + url;
    boolean answers = tell(out, described(what, look.description()), look.trouble());
    warn(out, what, look.advice());
    return answers;
  }

  /** Of the server that is written to, and of another one that is read from. */
  private static boolean replication(
      PrintWriter out, String name, Configuration.Database database) {
    List<PostgresSettings> elsewhere = database.readsElsewhere();
    boolean answers =
        replication(
            out,
            "replication of " + name,
            ReplicationLook.ofPrimary(database.writes(), !elsewhere.isEmpty()));
    for (PostgresSettings server : elsewhere) {
      ReplicationLook look = ReplicationLook.ofStandby(server, database.reads().maxLag());
      answers &= replication(out, "reads of %s at %s".formatted(name, server.url().hosts()), look);
    }
    return answers;
  }

  private static boolean replication(PrintWriter out, String what, ReplicationLook look) {
    boolean answers = tell(out, described(what, look.description()), look.trouble());
    warn(out, what, look.advice());
    return answers;
  }

  private static String described(String what, String description) {
    return description.isEmpty() ? what : what + ": " + description;
  }

  /** What is only a doubt does not fail. */
  private static void warn(PrintWriter out, String what, List<String> advice) {
    advice.forEach(each -> out.println("  %-5s %s: %s".formatted("warn", what, each)));
  }

  private static boolean roles(
      PrintWriter out, String name, Configuration.Database database, Set<String> roles) {
    if (roles.isEmpty()) {
      return true;
    }
    String login = database.reads().readUrl().orElse(database.reads().url()).user();
    return tell(
        out,
        "roles of callers in " + name,
        PostgresDatabase.missingMembership(database.writes(), login, roles));
  }

  private static boolean tell(PrintWriter out, String what, Optional<String> trouble) {
    out.println(
        "  %-5s %s%s"
            .formatted(
                trouble.isEmpty() ? "ok" : "FAIL", what, trouble.map(t -> ": " + t).orElse("")));
    return trouble.isEmpty();
  }
}
