package dev.escala.serve.database;

import dev.escala.catalog.RelationName;
import dev.escala.config.DatabaseUrl;
import dev.escala.config.Section;
import dev.escala.config.TargetServer;
import dev.escala.model.DatabaseRole;
import dev.escala.model.SqlIdentifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How one database is served.
 *
 * @param readUrl a replica or a restricted login for all reads; without it there is no SQL over
 *     HTTP
 * @param maxLag how far a replica may be behind to be read from; empty where that is not looked at
 * @param schemas exposed, the default one first
 * @param timeout of a statement of the dialect
 * @param pools connections of the process for all of it
 * @param sql limits of SQL over HTTP
 * @param dialect what reads of relations may do
 * @param mcp whether agents may ask by the Model Context Protocol
 */
public record DatabaseSettings(
    String name,
    DatabaseUrl url,
    Optional<DatabaseUrl> readUrl,
    Optional<Duration> maxLag,
    List<String> schemas,
    Duration timeout,
    PoolSettings pools,
    SqlSettings sql,
    DialectSettings dialect,
    boolean mcp) {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** A look at both servers takes a part of it. */
  private static final Duration LEAST_LAG = Duration.ofMillis(200);

  private static final Set<String> RESERVED =
      Set.of("ping", "health", "topics", "console", "assets", "openapi.json");

  public DatabaseSettings {
    schemas = List.copyOf(schemas);
  }

  /** With the defaults of the dialect, and for agents too. */
  public DatabaseSettings(
      String name,
      DatabaseUrl url,
      Optional<DatabaseUrl> readUrl,
      List<String> schemas,
      Duration timeout,
      PoolSettings pools,
      SqlSettings sql) {
    this(
        name,
        url,
        readUrl,
        Optional.empty(),
        schemas,
        timeout,
        pools,
        sql,
        DialectSettings.DEFAULT,
        true);
  }

  /** What its reads ask for: a login of their own alone is no server of their own. */
  public DatabaseRole readsOf() {
    return readsWhereItWrites() ? DatabaseRole.WRITER : DatabaseRole.READER;
  }

  /** The same with other settings of the dialect. */
  public DatabaseSettings with(DialectSettings other) {
    return new DatabaseSettings(
        name, url, readUrl, maxLag, schemas, timeout, pools, sql, other, mcp);
  }

  /** The same where topics make these tables with their first message. */
  public DatabaseSettings expecting(Set<RelationName> tables) {
    return with(dialect.expecting(tables));
  }

  /** Reads {@code databases.NAME}. */
  public static DatabaseSettings read(String name, Section section) {
    if (RESERVED.contains(name) || name.contains("/")) {
      section.reject("url", "belongs to the reserved name " + name + "; choose another name");
    }
    DatabaseUrl url = parse(section, "url", section.text("url"));
    requirePrimary(section, "url", url);
    Optional<DatabaseUrl> readUrl = url(section, "read-url");
    List<String> schemas = section.texts("schemas");
    if (schemas.contains("pg_catalog") || schemas.contains("information_schema")) {
      section.reject("schemas", "cannot expose pg_catalog or information_schema");
    }
    DatabaseSettings settings =
        new DatabaseSettings(
            name,
            url,
            readUrl,
            maxLag(section),
            schemas.isEmpty() ? List.of("public") : schemas,
            section.duration("timeout", DEFAULT_TIMEOUT),
            PoolSettings.read(section.section("pools")),
            SqlSettings.read(section.section("sql")),
            DialectSettings.read(section),
            section.flag("mcp", true));
    if (settings.maxLag().isPresent() && settings.readsWhereItWrites()) {
      section.reject("max-lag", "is of a replica; read-url has to be on another server than url");
    }
    return settings;
  }

  /** Refuses what cannot be written to, or logged in to. */
  public static void requirePrimary(Section section, String key, DatabaseUrl url) {
    if (url.target().filter(asked -> asked != TargetServer.PRIMARY).isPresent()) {
      section.reject(key, "is written to: its target-server-type can only be primary");
    }
    if (url.servers().size() > 1 && "aws-iam".equals(url.parameters().get("login"))) {
      section.reject(
          key, "has several hosts, and a token of IAM is for one: name the writer's endpoint");
    }
  }

  private static Optional<Duration> maxLag(Section section) {
    Duration most = section.duration("max-lag", Duration.ZERO);
    if (!most.isZero() && most.compareTo(LEAST_LAG) < 0) {
      section.reject("max-lag", "must be at least " + LEAST_LAG.toMillis() + "ms, or 0s for none");
    }
    return most.isZero() ? Optional.empty() : Optional.of(most);
  }

  /** Of another login than that of {@code url}, where there is one. */
  public static Optional<DatabaseUrl> url(Section section, String key) {
    return section.optionalText(key).map(text -> parse(section, key, text));
  }

  private static DatabaseUrl parse(Section section, String key, String text) {
    try {
      return DatabaseUrl.parse(text);
    } catch (IllegalArgumentException malformed) {
      if (!text.isEmpty()) {
        section.reject(key, String.valueOf(malformed.getMessage()));
      }
      return new DatabaseUrl("localhost", 5432, "missing", "missing", "", Map.of());
    }
  }

  /**
   * Where names without a schema are looked for, in views and in casts: what is exposed, in its
   * order, then the rest. Quoted, as a setting has it.
   */
  String searchPath() {
    return Stream.concat(schemas.stream(), dialect.extraSearchPath().stream())
        .distinct()
        .map(SqlIdentifier::quote)
        .collect(Collectors.joining(", "));
  }

  /** Where reads go. */
  DatabaseUrl reads() {
    return readUrl.orElse(url);
  }

  /**
   * The servers that are written to, for the login of readers: a process that only answers requests
   * may have no other one there.
   */
  List<DatabaseUrl> comparedWith() {
    DatabaseUrl reads = reads();
    return new DatabaseUrl(
            url.servers(), url.database(), reads.user(), reads.password(), reads.parameters())
        .each();
  }

  /**
   * Which of the servers of {@link #reads} is read; without a word of one server whatever it is.
   */
  TargetServer readTarget() {
    TargetServer ofSeveral =
        readUrl.isPresent() ? TargetServer.PREFER_STANDBY : TargetServer.PRIMARY;
    return reads().target().orElse(reads().servers().size() > 1 ? ofSeveral : TargetServer.ANY);
  }

  /** Whether a server is read for what is seen of it. */
  boolean isReadByChoice() {
    return readTarget() != TargetServer.ANY || reads().servers().size() > 1 || maxLag.isPresent();
  }

  /** Whether reads go to the server that is written to, and not to a replica of it. */
  public boolean readsWhereItWrites() {
    DatabaseUrl reads = reads();
    return reads.servers().equals(url.servers())
        && reads.database().equals(url.database())
        && (reads.servers().size() == 1 || readTarget() == TargetServer.PRIMARY);
  }
}
