package dev.escala.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which room may import which, and which room is the home of which library. The table of
 * ARCHITECTURE.md; a change of it is a dated decision.
 */
record ImportTable(Map<String, Set<String>> rooms, Map<String, Set<String>> homes) {
  private static final String ROOT = "dev.escala.";

  /** Rooms by name, each with the rooms that it may import; homes of libraries by prefix. */
  static ImportTable ofTheHouse() {
    Map<String, Set<String>> rooms =
        Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("config", Set.of("model")),
            Map.entry("observe", Set.of("model")),
            Map.entry("login", Set.of("config")),
            Map.entry("source", Set.of("model")),
            Map.entry("decode.schema", Set.of("config")),
            Map.entry("decode", Set.of("decode.schema", "model", "config")),
            Map.entry("store", Set.of("model", "decode")),
            Map.entry("postgres", Set.of("store", "login", "model", "config")),
            Map.entry("catalog", Set.of("model")),
            Map.entry("query", Set.of("model", "catalog")),
            Map.entry("http.connection", Set.of("observe", "config")),
            Map.entry("http.coding", Set.of()),
            Map.entry(
                "http", Set.of("http.connection", "http.coding", "model", "observe", "config")),
            Map.entry("source.sns", Set.of("source", "model", "observe", "config")),
            Map.entry("source.sqs", Set.of("source", "source.sns", "model", "observe", "config")),
            Map.entry("source.kafka", Set.of("source", "model", "observe", "config")),
            Map.entry(
                "source.http",
                Set.of(
                    "source",
                    "source.sns",
                    "http",
                    "http.connection",
                    "http.coding",
                    "model",
                    "observe",
                    "config")),
            Map.entry(
                "store.postgres",
                Set.of("store", "postgres", "decode", "model", "observe", "config")),
            Map.entry("ingest", Set.of("source", "decode", "store", "model", "observe", "config")),
            Map.entry("serve.rows", Set.of("query", "catalog")),
            Map.entry("serve.columnar", Set.of("serve.rows", "http.coding", "query", "config")),
            Map.entry(
                "serve.database",
                Set.of(
                    "serve.rows",
                    "query",
                    "catalog",
                    "http",
                    "http.connection",
                    "login",
                    "model",
                    "observe",
                    "config")),
            Map.entry(
                "serve.relation",
                Set.of(
                    "serve.database",
                    "serve.columnar",
                    "serve.rows",
                    "query",
                    "catalog",
                    "http",
                    "http.connection",
                    "model",
                    "observe")),
            Map.entry(
                "serve.sql",
                Set.of(
                    "serve.database",
                    "serve.columnar",
                    "serve.rows",
                    "query",
                    "catalog",
                    "http",
                    "http.connection",
                    "model")),
            Map.entry(
                "serve.mcp",
                Set.of(
                    "serve.database",
                    "serve.rows",
                    "serve.relation",
                    "serve.sql",
                    "query",
                    "catalog",
                    "http",
                    "model",
                    "observe")),
            Map.entry(
                "serve.tail",
                Set.of(
                    "serve.database",
                    "serve.rows",
                    "serve.relation",
                    "query",
                    "catalog",
                    "http",
                    "http.connection",
                    "model",
                    "observe")),
            Map.entry(
                "serve",
                Set.of(
                    "serve.database",
                    "serve.rows",
                    "serve.relation",
                    "serve.sql",
                    "serve.mcp",
                    "serve.tail",
                    "catalog",
                    "http",
                    "model",
                    "observe")),
            Map.entry("publish", Set.of("http.coding")),
            Map.entry("backfill", Set.of("publish", "store", "model")),
            Map.entry(
                "archive",
                Set.of(
                    "serve.columnar",
                    "serve.rows",
                    "query",
                    "decode",
                    "store",
                    "model",
                    "observe")),
            Map.entry("access", Set.of("http", "postgres", "store", "model", "observe", "config")),
            Map.entry("ops", Set.of("http", "model", "observe", "config")),
            Map.entry("otlp", Set.of("ops", "model", "observe", "config")),
            Map.entry("console", Set.of("http")),
            Map.entry("canary", Set.of("ops", "store", "postgres", "model", "observe", "config")),
            Map.entry(
                "app",
                Set.of(
                    "model",
                    "config",
                    "observe",
                    "access",
                    "source",
                    "decode",
                    "store",
                    "catalog",
                    "query",
                    "http",
                    "http.connection",
                    "source.sns",
                    "source.sqs",
                    "source.kafka",
                    "source.http",
                    "publish",
                    "backfill",
                    "archive",
                    "store.postgres",
                    "postgres",
                    "ingest",
                    "serve",
                    "serve.database",
                    "ops",
                    "otlp",
                    "console",
                    "canary")));
    Map<String, Set<String>> homes =
        Map.ofEntries(
            Map.entry(
                "tools.jackson.core",
                Set.of(
                    "decode",
                    "decode.schema",
                    "http",
                    "access",
                    "source.sns",
                    "source.sqs",
                    "source.kafka",
                    "source.http",
                    "config",
                    "canary",
                    "serve.mcp",
                    "publish",
                    "app")),
            Map.entry(
                "tools.jackson.databind",
                Set.of(
                    "config", "decode.schema", "access", "canary", "serve.mcp", "publish", "app")),
            Map.entry("com.networknt", Set.of("decode.schema")),
            Map.entry("tools.jackson.dataformat", Set.of("config", "publish")),
            Map.entry("com.nimbusds", Set.of("access")),
            Map.entry(
                "software.amazon.awssdk", Set.of("source.sqs", "source.sns", "login", "archive")),
            Map.entry("org.apache.kafka", Set.of("source.kafka")),
            Map.entry("org.apache.avro", Set.of("source.kafka")),
            Map.entry("com.fasterxml.jackson", Set.of()),
            Map.entry("java.sql", Set.of("postgres", "store.postgres", "canary", "access")),
            Map.entry("javax.sql", Set.of("postgres")),
            Map.entry("com.zaxxer.hikari", Set.of("postgres")),
            Map.entry("com.github.luben", Set.of("http.coding")),
            Map.entry("org.postgresql", Set.of("postgres", "store.postgres", "access")),
            Map.entry("org.flywaydb", Set.of("postgres")),
            Map.entry(
                "io.vertx.core",
                Set.of(
                    "http",
                    "http.connection",
                    "serve",
                    "serve.database",
                    "serve.rows",
                    "serve.columnar",
                    "serve.relation",
                    "serve.sql",
                    "serve.mcp",
                    "serve.tail",
                    "app")),
            Map.entry(
                "io.vertx.sqlclient",
                Set.of(
                    "serve.database",
                    "serve.rows",
                    "serve.columnar",
                    "serve.relation",
                    "serve.sql")),
            Map.entry("org.apache.arrow", Set.of("serve.columnar")),
            Map.entry("org.apache.parquet", Set.of("serve.columnar", "publish")),
            Map.entry("dev.hardwood", Set.of("publish", "archive")),
            Map.entry("org.apache.iceberg", Set.of("archive")),
            Map.entry("com.google.flatbuffers", Set.of("serve.columnar")),
            Map.entry("io.vertx.pgclient", Set.of("serve.database")),
            Map.entry(
                "io.netty", Set.of("http", "http.connection", "serve.database", "serve.rows")),
            Map.entry("io.modelcontextprotocol", Set.of("serve.mcp")),
            Map.entry("reactor", Set.of("serve.mcp")),
            Map.entry("org.slf4j", Set.of("ops")),
            Map.entry("ch.qos.logback", Set.of("ops")),
            Map.entry("io.prometheus", Set.of("ops", "otlp")),
            Map.entry("io.opentelemetry", Set.of("otlp")),
            Map.entry("picocli", Set.of("app")));
    return new ImportTable(rooms, homes);
  }

  /** One sentence for each import that the table does not allow. */
  List<String> violations(JavaClasses classes) {
    Set<String> violations = new TreeSet<>();
    for (JavaClass javaClass : classes) {
      String room = roomOf(javaClass.getPackageName());
      if (!rooms.containsKey(room)) {
        violations.add(javaClass.getName() + " stands in no room of the table");
        continue;
      }
      for (Dependency dependency : javaClass.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
        if (!allowed(room, target)) {
          violations.add(javaClass.getName() + " (" + room + ") may not import from " + target);
        }
      }
    }
    return new ArrayList<>(violations);
  }

  private boolean allowed(String room, String targetPackage) {
    if (targetPackage.startsWith(ROOT)) {
      String target = roomOf(targetPackage);
      return target.equals(room) || rooms.getOrDefault(room, Set.of()).contains(target);
    }
    return homes.entrySet().stream()
        .filter(home -> (targetPackage + ".").startsWith(home.getKey() + "."))
        .allMatch(home -> home.getValue().contains(room));
  }

  private static String roomOf(String packageName) {
    return packageName.startsWith(ROOT) ? packageName.substring(ROOT.length()) : packageName;
  }

  /** The rooms in an order in which each imports only earlier ones; shorter if there is a cycle. */
  List<String> inOrder() {
    List<String> ordered = new ArrayList<>();
    boolean grew = true;
    while (grew) {
      List<String> next =
          rooms.keySet().stream()
              .filter(room -> !ordered.contains(room))
              .filter(room -> ordered.containsAll(rooms.get(room)))
              .sorted()
              .toList();
      grew = !next.isEmpty();
      ordered.addAll(next);
    }
    return ordered;
  }
}
