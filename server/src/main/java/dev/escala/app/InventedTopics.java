package dev.escala.app;

import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import dev.escala.model.ReturnReason;
import dev.escala.observe.HealthProbe;
import dev.escala.source.http.TopicsApi.Opening;
import dev.escala.store.StoreException;
import java.time.Duration;
import java.time.Instant;
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
  private final TableBudget budget;
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable Instant lastRefused;

  /** The databases by what is stored in them, and how many such topics are open now. */
  InventedTopics(
      Configuration configuration,
      Function<TopicSettings, WritableDatabase> databases,
      IntSupplier open) {
    this.configuration = configuration;
    this.databases = databases;
    this.open = open;
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
      if (databases.apply(settings).tables().topic(settings).shape().columns().ready()) {
        budget.giveBack(client, settings.topic());
      }
      return Optional.empty();
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
    refused.incrementAndGet();
    lastRefused = Instant.now();
    return new Opening.Refused(
        Problem.of(
            ErrorCode.ESC131,
            what,
            "Publish to a topic that is there, or try again after the seconds that Retry-After"
                + " says. publish.invented has the bounds; a configured topic has none."),
        A_MINUTE);
  }

  @Override
  public String name() {
    return "invented topics";
  }

  /** A warning while clients are refused: somebody invents names, or the bounds are too narrow. */
  @Override
  public CompletionStage<Report> check() {
    Instant last = lastRefused;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("open", open.getAsInt());
    details.put("most", configuration.invented().most());
    details.put("refused", refused.get());
    boolean lately = last != null && last.plus(REMEMBERED).isAfter(Instant.now());
    return CompletableFuture.completedFuture(new Report(lately ? Status.WARN : Status.OK, details));
  }
}
