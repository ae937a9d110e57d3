package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;

import dev.escala.config.ConfigurationException;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** The whole server with narrow limits, on a database of its own. */
final class FuzzedServer implements AutoCloseable {
  private static final String YAML =
      """
      http:  {host: 127.0.0.1, port: 0}
      admin: {host: 127.0.0.1, port: 0}
      databases:
        db: {url: "${URL}", read-url: "${READ_URL}", timeout: 5s, sql: {timeout: 300ms, max-rows: 100}}
      topics:
        fuzzed: {table: db.fuzzed}
        "*": {table: "db.{topic}"}
      publish: {max-body: 256KiB, max-unpacked: 1MiB, max-items: 1000}
      """;

  final PostgresServer.Database database = PostgresServer.newDatabase();
  private final Application application;

  FuzzedServer() {
    String name = database.url().database();
    database.execute(
        """
        CREATE ROLE fuzz_reader LOGIN PASSWORD 'secret';
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO fuzz_reader;
        CREATE TABLE fuzzed (n numeric, t text, j jsonb, _id text PRIMARY KEY,
          _event_time timestamptz, _received_at timestamptz, _source text)\
        """);
    String at = "@localhost:" + database.url().port() + "/" + name;
    Map<String, String> environment =
        Map.of(
            "URL", "postgresql://postgres:postgres" + at,
            "READ_URL", "postgresql://fuzz_reader:secret" + at);
    try {
      application =
          Application.start(
              Configuration.read("fuzz", YAML, environment::get), Application.Role.ALL);
    } catch (ConfigurationException impossible) {
      throw new AssertionError(impossible);
    }
    eventually("reads are answered", () -> get("/db/fuzzed").status() == 200);
  }

  int port() {
    return application.httpPort();
  }

  /** All that the server says to these octets until it closes the connection. */
  String said(String octets) {
    try (RawConnection connection = new RawConnection(port())) {
      return connection.send(octets).everything();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Answer get(String target) {
    return Answer.of(said(new Fuzz.Request("GET", target, List.of(), "").text()));
  }

  /** The samples of {@code /metrics}, one a line. */
  List<String> metrics() {
    String request = new Fuzz.Request("GET", "/metrics", List.of(), "").text();
    try (RawConnection connection = new RawConnection(application.adminPort())) {
      String body = Answer.of(connection.send(request).everything()).body();
      return body.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** How many rows all tables together have that topics write to. */
  long rows() {
    return database.count(
        """
        SELECT COALESCE(sum((xpath('/row/c/text()',
            query_to_xml(format('SELECT count(*) AS c FROM public.%I', relname), false, true, '')
          ))[1]::text::bigint), 0) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace\
        """);
  }

  @Override
  public void close() {
    application.close();
    database.execute("DROP OWNED BY fuzz_reader; DROP ROLE fuzz_reader");
  }
}
