package dev.escala.app;

import dev.escala.access.AuthSettings;
import dev.escala.canary.CanaryRoute;
import dev.escala.canary.CanarySettings;
import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.config.DatabaseUrl;
import dev.escala.config.Section;
import dev.escala.decode.TopicSettings;
import dev.escala.http.CorsSettings;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.ingest.IngestSettings;
import dev.escala.model.Suggestion;
import dev.escala.ops.LogSettings;
import dev.escala.ops.ProbeSettings;
import dev.escala.ops.SystemLabels;
import dev.escala.otlp.OtlpSettings;
import dev.escala.postgres.PostgresSettings;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.source.http.HttpSourceSettings;
import dev.escala.source.kafka.KafkaSettings;
import dev.escala.source.sns.SnsPushSettings;
import dev.escala.source.sqs.SqsFormat;
import dev.escala.source.sqs.SqsSettings;
import dev.escala.store.postgres.InventedBounds;
import dev.escala.store.postgres.LetterSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that escala.yaml says.
 *
 * @param topics by name, without the wildcard
 * @param wildcard the settings of any other topic, if there may be any
 */
public record Configuration(
    Public http,
    Endpoint admin,
    AuthSettings auth,
    Map<String, Database> databases,
    Map<String, Topic> topics,
    Optional<TopicSettings> wildcard,
    List<SqsSettings> queues,
    List<SnsPushSettings> pushes,
    List<KafkaSettings> kafka,
    HttpSourceSettings publish,
    InventedSettings invented,
    IngestSettings ingest,
    LetterSettings letters,
    LogSettings log,
    SystemLabels system,
    ProbeSettings probe,
    Optional<OtlpSettings> otlp,
    CanarySettings canary) {
  private static final String WILDCARD = "*";
  private static final int HTTP_PORT = 8080;
  private static final int ADMIN_PORT = 8081;
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(20);
  private static final int HIGHEST_PORT = 65_535;
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|\\[::1]|0:0:0:0:0:0:0:1");

  /** Where to listen; port 0 takes a free one. */
  public record Endpoint(String host, int port) {
    static Endpoint read(Section section, int port) {
      return new Endpoint(
          section.text("host", "0.0.0.0"), section.integer("port", port, 0, HIGHEST_PORT));
    }

    boolean isLoopback() {
      return LOOPBACK.matcher(host).matches();
    }
  }

  /**
   * The public listener.
   *
   * @param grace how long running requests may take when the server stops
   * @param connections what clients may take; also of the admin listener
   * @param cors which pages of other origins may read answers
   * @param compression whether answers are packed for those who ask for it
   * @param serverTiming whether answers tell how long each phase of the work took
   * @param console whether browsers find the console
   */
  public record Public(
      Endpoint endpoint,
      Duration grace,
      ConnectionSettings connections,
      CorsSettings cors,
      Compression compression,
      boolean serverTiming,
      boolean console) {
    /** Whether answers are packed. */
    public enum Compression {
      /** As clients ask for it. */
      AUTO,
      /** Never: what stands before the server does, or has no use for it. */
      OFF
    }

    static Public read(Section section) {
      return new Public(
          Endpoint.read(section, HTTP_PORT),
          section.duration("grace", DEFAULT_GRACE),
          ConnectionSettings.read(section),
          CorsSettings.read(section),
          section.choice("compression", Compression.AUTO),
          section.flag("server-timing", false),
          section.flag("console", true));
    }

    /** The host to listen on. */
    public String host() {
      return endpoint.host();
    }

    /** The port; 0 takes a free one. */
    public int port() {
      return endpoint.port();
    }
  }

  /** The database in which the keys of callers are kept, if any are taken. */
  Optional<String> keysDatabase() {
    return auth.apiKeys().map(name -> name.isEmpty() ? databases.keySet().iterator().next() : name);
  }

  /**
   * Why it must not be served: nobody wrote down that anybody may come in, and other machines reach
   * it. Says what to write.
   */
  Optional<String> openToOthers() {
    if (!(auth instanceof AuthSettings.Missing)) {
      return Optional.empty();
    }
    List<String> reached = new ArrayList<>();
    Map.of("http", http.endpoint(), "admin", admin)
        .forEach(
            (key, endpoint) -> {
              if (!endpoint.isLoopback()) {
                reached.add(key + ".host " + endpoint.host());
              }
            });
    return reached.isEmpty()
        ? Optional.empty()
        : Optional.of(
            """
            The server would be open: there is no auth, and other machines reach %s. Write one of
              auth: none                  # whoever reaches the port reads everything, and publishes
              auth: {jwt: {secret: "file:/run/secrets/jwt"}, anonymous: {role: web_anon}}
              http: {host: 127.0.0.1} and admin: {host: 127.0.0.1}    # for this machine alone
            docs/authentication.md says more.\
            """
                .formatted(String.join(" and ", reached.stream().sorted().toList())));
  }

  /** How long a batch of a topic may be gathered and written. */
  Duration longestWrite(String topic) {
    return rows(topic)
        .map(rows -> databases.get(rows.table().database()))
        .map(database -> database.writes().statementTimeout().plus(ingest.linger()))
        .orElse(ingest.linger());
  }

  /** How each database is served. */
  List<DatabaseSettings> served() {
    List<TopicSettings> rows = topics.values().stream().map(Topic::rows).toList();
    return databases.values().stream()
        .map(database -> ServedTables.of(database.reads(), rows))
        .toList();
  }

  /** What becomes of the messages of a topic, if anything does. */
  Optional<TopicSettings> rows(String topic) {
    Topic configured = topics.get(topic);
    if (configured != null) {
      return Optional.of(configured.rows());
    }
    boolean isRead = new ConfiguredSources(queues, kafka, pushes).bring(topic);
    return wildcard
        .map(any -> any.forTopic(topic))
        .map(settings -> isRead ? settings.withAnyTable() : settings);
  }

  /** Whether no configuration names the topic, nor a source of it. */
  boolean isInvented(String topic) {
    return rows(topic).map(TopicSettings::ownTable).orElse(true);
  }

  /** What such topics may make of each database. */
  InventedBounds inventedBounds() {
    return new InventedBounds(invented.tables(), invented.columns(), this::isInvented);
  }

  /** In which topics that nobody named have their tables, where there may be any. */
  Optional<String> inventedDatabase() {
    return wildcard.map(any -> any.table().database());
  }

  /** Whether a queue of the topic expects envelopes of SNS. */
  boolean expectsEnvelopes(String topic) {
    return queues.stream()
        .anyMatch(queue -> queue.topic().equals(topic) && queue.format() == SqsFormat.SNS);
  }

  /**
   * Whether the rows that a topic stores in a table are noted for those who listen. A table whose
   * topic has no name here may be any that fits the name.
   */
  boolean notes(String database, String schema, String table) {
    List<TopicSettings> named =
        topics.values().stream()
            .map(Topic::rows)
            .filter(rows -> rows.table().is(database, schema, table))
            .toList();
    return named.isEmpty()
        ? wildcard
            .filter(any -> any.tail() && any.table().fits(database, schema, table))
            .isPresent()
        : named.stream().anyMatch(TopicSettings::tail);
  }

  /**
   * One database, as each side sees it.
   *
   * @param apiUrl a login for processes that only answer requests, instead of the owner of tables
   */
  public record Database(
      DatabaseSettings reads, PostgresSettings writes, Optional<DatabaseUrl> apiUrl) {
    private static Database read(String name, Section section) {
      DatabaseSettings reads = DatabaseSettings.read(name, section);
      Optional<DatabaseUrl> apiUrl = DatabaseSettings.url(section, "api-url");
      apiUrl.ifPresent(url -> DatabaseSettings.requirePrimary(section, "api-url", url));
      if (apiUrl.isPresent() && reads.readUrl().isEmpty()) {
        section.reject("api-url", "reads no tables; read-url has to say who does");
      }
      return new Database(reads, PostgresSettings.read(section), apiUrl);
    }

    /** For a process that only answers requests: without a login of its own that of the owner. */
    PostgresSettings answers() {
      return apiUrl.map(writes::as).orElse(writes);
    }

    /** The servers that are read from, where they are not the one that is written to. */
    List<PostgresSettings> readsElsewhere() {
      return reads.readsWhereItWrites()
          ? List.of()
          : reads.readUrl().stream().flatMap(url -> url.each().stream()).map(writes::as).toList();
    }
  }

  /**
   * Whether a process that only answers requests may store, too: nobody has another login for it.
   */
  boolean answersOnly() {
    return databases.values().stream().anyMatch(database -> database.apiUrl().isPresent());
  }

  /** One topic: how its messages become rows, and where its canary publishes. */
  public record Topic(TopicSettings rows, CanaryRoute canary) {}

  /**
   * Reads a file.
   *
   * @throws ConfigurationException with all errors
   */
  public static Configuration read(
      String name, String yaml, Function<String, @Nullable String> environment)
      throws ConfigurationException {
    return ConfigurationFile.read(name, yaml, environment, Configuration::read);
  }

  private static Configuration read(Section root) {
    Map<String, Database> databases = databases(root);
    Map<String, Topic> topics = topics(root, databases);
    Optional<TopicSettings> wildcard =
        Optional.ofNullable(topics.remove(WILDCARD)).map(Topic::rows);
    Section publish = root.section("publish");
    AuthSettings auth = AuthSettings.read(root);
    ConfiguredSources sources =
        ConfiguredSources.read(
            root, wildcard.isPresent() ? Optional.empty() : Optional.of(topics), auth);
    sources.requireMarkersFit(root, withMarkersToTheSource(topics));
    auth.apiKeys()
        .filter(name -> !name.isEmpty() && !databases.containsKey(name))
        .ifPresent(
            name -> root.reject("auth.api-keys.database", unknown("database", name, databases)));
    return new Configuration(
        Public.read(root.section("http")),
        Endpoint.read(root.section("admin"), ADMIN_PORT),
        auth,
        databases,
        topics,
        wildcard,
        sources.queues(),
        sources.pushes(),
        sources.kafka(),
        HttpSourceSettings.read(publish),
        InventedSettings.read(publish.section("invented")),
        IngestSettings.read(root.section("ingest")),
        LetterSettings.read(root.section("dead-letters")),
        LogSettings.read(root.section("log")),
        SystemLabels.read(root.section("system")),
        ProbeSettings.read(root.section("probe")),
        OtlpSettings.read(root.section("otlp")),
        CanarySettings.read(root.section("canary")));
  }

  private static Map<String, Database> databases(Section root) {
    Map<String, Database> databases = new LinkedHashMap<>();
    root.sections("databases")
        .forEach((name, section) -> databases.put(name, Database.read(name, section)));
    if (databases.isEmpty()) {
      root.reject("databases", "names no database");
    }
    return databases;
  }

  private static Map<String, Topic> topics(Section root, Map<String, Database> databases) {
    Map<String, Topic> topics = new LinkedHashMap<>();
    root.sections("topics")
        .forEach((name, section) -> topics.put(name, topic(name, section, databases)));
    return topics;
  }

  private static List<String> withMarkersToTheSource(Map<String, Topic> topics) {
    return topics.entrySet().stream()
        .filter(topic -> topic.getValue().canary().to() == CanaryRoute.To.SOURCE)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Topic topic(String name, Section section, Map<String, Database> databases) {
    Topic topic = new Topic(TopicSettings.read(name, section), CanaryRoute.read(section));
    String database = topic.rows().table().database();
    if (section.has("table") && !databases.isEmpty() && !databases.containsKey(database)) {
      section.reject("table", unknown("database", database, databases));
    }
    if (!name.equals(WILDCARD) && !TopicName.isValid(name)) {
      section.reject("table", "belongs to a topic whose name is not " + TopicName.RULE);
    }
    if (name.equals(WILDCARD) && topic.rows().maintenance().archive().isPresent()) {
      section.reject("archive", "needs a topic with a name");
    }
    if (name.equals(WILDCARD) && !topic.canary().address().isEmpty()) {
      section.reject("canary", "names a place, but only a topic with a name has a canary");
    }
    return topic;
  }

  static String unknown(String what, String name, Map<String, ?> known) {
    return "names the %s %s, which is not configured%s"
        .formatted(
            what,
            name,
            Suggestion.nearest(name, known.keySet())
                .map(near -> "; did you mean " + near + "?")
                .orElse("; there are: " + String.join(", ", known.keySet())));
  }
}
