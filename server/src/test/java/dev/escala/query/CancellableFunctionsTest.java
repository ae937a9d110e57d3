package dev.escala.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.catalog.SqlNames;
import dev.escala.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each function that SQL over HTTP may call, with each kind of operands that PostgreSQL has for it,
 * grown inside of the statement: a result or an error, or the time limit ends it.
 */
@Tag("integration")
class CancellableFunctionsTest {
  private static final PostgresServer.Database DATABASE = PostgresServer.newDatabase();

  /** Of a statement; one that does not look for it goes on for hours. */
  private static final String LIMIT = "SET statement_timeout = '2s'";

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** They sleep, or take what no statement can make. */
  private static final String OVERLOADS =
      """
      SELECT p.proname, (SELECT string_agg(t.typname, ' ' ORDER BY a.place)
        FROM unnest(p.proargtypes) WITH ORDINALITY AS a(type, place)
        JOIN pg_type t ON t.oid = a.type)
      FROM pg_proc p
      WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
        AND p.pronargs BETWEEN 1 AND 4
      ORDER BY 1, 2\
      """;

  private static final String CONSTANT = "'" + "ab%_".repeat(24) + "'";

  /** What a query can make of a type, as large as it may be; empty if nothing. */
  private static String grown(String type, int size) {
    return switch (type) {
      case "text", "anyelement", "anynonarray", "anycompatible", "any", "anycompatiblenonarray" ->
          "(SELECT string_agg(repeat('a', 1000), '') FROM generate_series(1, %d))".formatted(size);
      case "_text" ->
          "(SELECT array_agg(i::text) FROM generate_series(1, %d) AS g(i))".formatted(size * 100);
      case "anyarray", "anycompatiblearray" ->
          "(SELECT array_agg(i) FROM generate_series(1, %d) AS g(i))".formatted(size * 100);
      case "jsonb" ->
          "(SELECT jsonb_agg(i) FROM generate_series(1, %d) AS g(i))".formatted(size * 100);
      case "json" ->
          "(SELECT json_agg(i) FROM generate_series(1, %d) AS g(i))".formatted(size * 100);
      case "numeric" ->
          "(SELECT string_agg(repeat('9', 1000), '')::numeric FROM" + " generate_series(1, 130))";
      case "bytea" ->
          "(SELECT convert_to(string_agg(repeat('a', 1000), ''), 'utf8') FROM"
              + " generate_series(1, %d))".formatted(size);
      case "int2", "int4" -> "2";
      case "int8" -> "20000000000";
      case "float4", "float8" -> "1e300::float8";
      case "bool" -> "true";
      case "timestamptz", "timestamp", "date" -> "now()::" + type;
      case "interval" -> "interval '1 day'";
      default -> "";
    };
  }

  private static List<String> statements(int size) {
    List<String> statements = new ArrayList<>();
    for (String overload : DATABASE.rows(OVERLOADS)) {
      String name = overload.substring(0, overload.indexOf('|'));
      String[] types = overload.substring(overload.indexOf('|') + 1).split(" ");
      AllowedFunctions.of(name)
          .filter(group -> group != AllowedFunctions.SLEEP)
          .ifPresent(group -> add(statements, name, types, size));
    }
    return statements;
  }

  /** With constants behind the first operand where grown ones are refused. */
  private static void add(List<String> statements, String name, String[] types, int size) {
    List<String> grown = Stream.of(types).map(type -> grown(type, size)).toList();
    if (grown.contains("")) {
      return;
    }
    List<String> constant = new ArrayList<>(grown);
    constant.replaceAll(value -> value.startsWith("(") ? CONSTANT : value);
    constant.set(0, grown.getFirst());
    Stream.of(grown, constant)
        .map(operands -> "SELECT " + name + "(" + String.join(", ", operands) + ")")
        .filter(CancellableFunctionsTest::isAllowed)
        .findFirst()
        .ifPresent(statements::add);
  }

  private static boolean isAllowed(String sql) {
    try {
      SqlRequest.of(sql, Map.of(), SqlNames.NONE);
      return true;
    } catch (SqlRefused refused) {
      return false;
    }
  }

  /** The SQLSTATE with which it ended; {@code 00000} for a result. */
  private static String end(String sql) {
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement()) {
      statement.setMaxRows(100);
      statement.execute(LIMIT);
      statement.execute(sql);
      return "00000";
    } catch (SQLException failure) {
      return String.valueOf(failure.getSQLState());
    }
  }

  private static List<String> endless(List<String> statements, Duration patience) {
    List<String> endless = new ArrayList<>();
    for (String sql : statements) {
      try {
        CompletableFuture.supplyAsync(() -> end(sql))
            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException goesOn) {
        endless.add(sql);
      } catch (Exception failure) {
        throw new AssertionError(sql, failure);
      }
    }
    return endless;
  }

  @Test
  void eachFunctionEndsWithOperandsThatGrew() {
    List<String> statements = statements(300);

    assertThat(statements).hasSizeGreaterThan(150);
    assertThat(endless(statements, PATIENCE)).isEmpty();
  }

  @Test
  @Tag("long")
  void eachFunctionEndsWithOperandsOfSixteenMegabytes() {
    assertThat(endless(statements(16_000), PATIENCE)).isEmpty();
  }

  @Test
  void whatDoesNotEndInTimeIsFound() {
    String sleep = "SELECT pg_sleep(1)";

    assertThat(endless(List.of(sleep, "SELECT 1/0"), Duration.ofMillis(1))).contains(sleep);
    assertThat(end("SELECT pg_sleep(60)")).isEqualTo("57014");
  }
}
