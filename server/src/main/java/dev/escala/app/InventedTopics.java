package dev.escala.app;

import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import dev.escala.model.Moment;
import dev.escala.model.ReturnReason;
import dev.escala.observe.HealthProbe;
import dev.escala.source.http.TopicsApi.Opening;
import dev.escala.store.StoreException;
import dev.escala.store.postgres.PostgresStore;
import dev.escala.store.postgres.TableCounts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Whether a topic that no configuration names may be opened, and how many are. */
final class InventedTopics implements HealthProbe {
  /** Where Escala keeps what is its own. */
  private static final String OWN_SCHEMA = "escala";

  private static final int A_MINUTE = 60;
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final Configuration configuration;
  private final Function<TopicSettings, WritableDatabase> databases;
  private final IntSupplier open;
  private final TableRoom room;
  private final TableBudget budget;
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable Moment lastRefused;

  /**
   * Of these databases by what is stored in them.
   *
   * @param open how many such topics are open now
   * @param room as it was measured lately
   */
  InventedTopics(
      Configuration configuration,
      Function<TopicSettings, WritableDatabase> databases,
      IntSupplier open,
      TableRoom room) {
    this.configuration = configuration;
    this.databases = databases;
    this.open = open;
    this.room = room;
    this.budget = new TableBudget(configuration.invented().tablesPerMinute(), System::nanoTime);
  }

  boolean isFull() {
    return open.getAsInt() >= configuration.invented().most();
  }

  /** Empty where the topic may be opened. A request for what cannot be opens no loop at all. */
  Optional<Opening> refusal(TopicSettings settings, String client) {
    if (isFull()) {
      return Optional.of(
          tooMany(
              "%,d topics are open that no configuration names, and it is the most"
                  .formatted(configuration.invented().most())));
    }
    if (isOfAnother(settings.table())) {
      return Optional.of(noTable(settings, settings.table() + " is the table of another topic"));
    }
    if (!budget.take(client, settings.topic())) {
      return Optional.of(tooMany("Too many tables are made for new topics"));
    }
    return ofTable(settings, client);
  }

  private Optional<Opening> ofTable(TopicSettings settings, String client) {
    try {
      PostgresStore tables = databases.apply(settings).tables();
      if (tables.topic(settings).shape().columns().ready()) {
        budget.giveBack(client, settings.topic());
        return Optional.empty();
      }
      return tables.counts().inventedTables() < configuration.invented().tables()
          ? Optional.empty()
          : Optional.of(noRoom(settings));
    } catch (StoreException failure) {
      return Optional.of(
          failure.reason() == ReturnReason.TABLE_MISCONFIGURED
              ? noTable(settings, failure.detail())
              : new Opening.Unavailable(failure.reason()));
    }
  }

  private boolean isOfAnother(TableName table) {
    return table.schema().equals(OWN_SCHEMA)
        || configuration.topics().values().stream()
            .anyMatch(topic -> topic.rows().table().equals(table));
  }

  private static Opening noTable(TopicSettings settings, String why) {
    return new Opening.Refused(
        Problem.of(
            ErrorCode.ESC130,
            "The topic %s cannot have a table of its own: %s".formatted(settings.topic(), why),
            "Publish to another name; or configure the topic, with that table, in escala.yaml."),
        0);
  }

  private Opening tooMany(String what) {
    return refused(
        Problem.of(
            ErrorCode.ESC131,
            what,
            "Publish to a topic that is there, or try again after the seconds that Retry-After"
                + " says. publish.invented has the bounds; a configured topic has none."));
  }

  private Opening noRoom(TopicSettings settings) {
    return refused(
        Problem.of(
            ErrorCode.ESC168,
            "The database %s has %,d tables of topics that no configuration names, and it is the most"
                .formatted(settings.table().database(), configuration.invented().tables()),
            "Publish to a topic that is there. Who runs the server drops tables (escala topics"
                + " drop), configures the topic, or raises publish.invented.tables."));
  }

  private Opening refused(Problem problem) {
    refused.incrementAndGet();
    lastRefused = Moment.now();
    return new Opening.Refused(problem, A_MINUTE);
  }

  @Override
  public String name() {
    return "invented topics";
  }

  /**
   * A warning while clients are refused, or a database is nearly full of what they made: somebody
   * invents names, or the bounds are too narrow.
   */
  @Override
  public CompletionStage<Report> check() {
    Moment last = lastRefused;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("open", open.getAsInt());
    details.put("most", configuration.invented().most());
    details.put("refused", refused.get());
    boolean warns = last != null && last.age().compareTo(REMEMBERED) < 0;
    TableCounts used = room.invented().orElse(null);
    if (used != null) {
      InventedSettings most = configuration.invented();
      details.put("tables", used.inventedTables());
      details.put("most_tables", most.tables());
      details.put("columns", used.inventedColumns());
      details.put("most_columns", most.columns());
      warns |= isNearlyFull(used.inventedTables(), most.tables());
      warns |= isNearlyFull(used.inventedColumns(), most.columns());
    }
    return CompletableFuture.completedFuture(new Report(warns ? Status.WARN : Status.OK, details));
  }

  /** From nine of ten on. */
  static boolean isNearlyFull(int used, int most) {
    return used * 10L >= most * 9L;
  }
}
