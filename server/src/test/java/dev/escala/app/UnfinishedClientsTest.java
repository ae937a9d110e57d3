package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RawConnection;
import dev.escala.testing.RawHttp2;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client that does not end what it began, in each way, over each version of HTTP, at each
 * endpoint: somebody else is answered meanwhile, and nothing is left of it afterwards.
 */
@Tag("integration")
@TestInstance(Lifecycle.PER_CLASS)
class UnfinishedClientsTest {
  private static final String HONEST = "127.0.0.2";
  private static final String TOPIC = "/topics/events";
  private static final String BODY = "{\"n\":1}";

  /** As many as one client may have. */
  private static final int CONNECTIONS = 8;

  private static final int REQUESTS_EACH = 10;
  private static final int HONEST_TIMES = 3;

  private static final List<String> PATHS =
      List.of(
          "/",
          "/db",
          "/db?q=SELECT%20*%20FROM%20wide",
          "/db/quick?n=eq.1",
          "/db/wide",
          TOPIC,
          "/ping",
          "/health");

  private final Database database = PostgresServer.newDatabase();
  private RunningServer server;

  enum Behaviour {
    READS_NOTHING,
    READS_SLOWLY,
    SENDS_HALF
  }

  /** One for each case: the server may still count connections that the last one closed. */
  private String hostile = "";

  private int clients;

  /** A client while it does so. */
  private interface Attack extends AutoCloseable {
    /** Takes an octet more of what it is answered, if it takes any. */
    void takeALittle() throws IOException;

    @Override
    void close() throws IOException;
  }

  @BeforeAll
  void start() {
    database.execute(
        """
        CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 32000) AS text FROM generate_series(1, 8) n;
        CREATE TABLE quick AS SELECT n FROM generate_series(1, 10) n;
        ALTER TABLE quick ADD PRIMARY KEY (n);
        DROP ROLE IF EXISTS unfinished_reader;
        CREATE ROLE unfinished_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON wide, quick TO unfinished_reader\
        """);
    server =
        RunningServer.startAsWritten(
            """
            http:  {host: 127.0.0.1, port: 0, connections: %d, connections-per-client: %d}
            admin: {host: 127.0.0.1, port: 0}
            databases:
              db: {url: "${URL}", read-url: "${READ}"}
            topics:
              events: {table: db.events, canary: off}
            """
                .formatted(4 * CONNECTIONS, CONNECTIONS),
            database,
            Map.of("READ", RunningServer.url(database, "unfinished_reader", "secret")));
    eventually("it serves", () -> honest(get("/db/quick?n=eq.1")).startsWith("200 "));
  }

  @AfterAll
  void stop() {
    server.close();
    database.execute("DROP OWNED BY unfinished_reader; DROP ROLE unfinished_reader");
  }

  private static Stream<Arguments> all() {
    return Stream.of(Behaviour.values())
        .flatMap(
            behaviour ->
                Stream.of(1, 2)
                    .flatMap(
                        version ->
                            PATHS.stream().map(path -> Arguments.of(behaviour, version, path))));
  }

  @ParameterizedTest(name = "{0}, HTTP/{1}, {2}")
  @MethodSource("all")
  void othersAreAnsweredAndNothingIsLeft(Behaviour behaviour, int version, String path)
      throws IOException {
    hostile = "127.0.1." + ++clients;
    List<Attack> attacks = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      attacks.add(version == 1 ? overHttp1(behaviour, path) : overHttp2(behaviour, path));
    }
    for (int time = 0; time < HONEST_TIMES; time++) {
      for (Attack attack : attacks) {
        attack.takeALittle();
      }
      assertThat(honest(get("/db/quick?n=eq.1"))).isEqualTo("200 [{\"n\":1}]");
      assertThat(honest(post(TOPIC))).startsWith("200 ").contains("\"stored\":1");
      assertThat(honest(get("/ping"))).startsWith("200 ");
    }
    for (Attack attack : attacks) {
      attack.close();
    }
    eventually("no statement and no transaction is left", () -> atWork() == 0);
    eventually("all connections may be had again", this::allConnectionsAnswer);
  }

  private static String get(String path) {
    return "GET %s HTTP/1.1\r\nHost: a\r\n\r\n".formatted(path);
  }

  private static String post(String path) {
    return "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, BODY.length(), BODY);
  }

  private int port() {
    return server.address().getPort();
  }

  private String honest(String request) throws IOException {
    try (RawConnection connection = new RawConnection(port(), HONEST)) {
      return connection.send(request).answer();
    }
  }

  private long atWork() {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'escala'
          AND (state LIKE 'idle in transaction%' OR (state = 'active' AND query LIKE '%wide%'))
          AND pid <> pg_backend_pid()\
        """);
  }

  /** With as many as one client may have; one that is still counted would be one too many. */
  private boolean allConnectionsAnswer() throws IOException {
    List<RawConnection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(new RawConnection(port(), hostile));
      }
      for (RawConnection connection : connections) {
        if (!connection.send(get("/ping")).answer().startsWith("200 ")) {
          return false;
        }
      }
      return true;
    } catch (IOException cut) {
      return false;
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  private Attack overHttp1(Behaviour behaviour, String path) throws IOException {
    RawConnection connection = new RawConnection(port(), hostile);
    String request = path.equals(TOPIC) ? post(path) : get(path);
    connection.send(
        behaviour == Behaviour.SENDS_HALF
            ? request.substring(0, request.length() - 3)
            : request.repeat(REQUESTS_EACH));
    return new Attack() {
      @Override
      public void takeALittle() throws IOException {
        if (behaviour == Behaviour.READS_SLOWLY) {
          boolean _ = connection.take(1);
        }
      }

      @Override
      public void close() throws IOException {
        connection.close();
      }
    };
  }

  private Attack overHttp2(Behaviour behaviour, String path) throws IOException {
    RawHttp2 connection =
        new RawHttp2(port(), behaviour == Behaviour.READS_SLOWLY ? 1 : 0, hostile);
    if (behaviour == Behaviour.SENDS_HALF) {
      beginOverHttp2(connection, path);
    } else {
      for (int i = 0; i < REQUESTS_EACH; i++) {
        askOverHttp2(connection, path);
      }
    }
    return new Attack() {
      @Override
      public void takeALittle() throws IOException {
        if (behaviour == Behaviour.READS_SLOWLY) {
          allowOne(connection);
        }
      }

      @Override
      public void close() throws IOException {
        connection.close();
      }
    };
  }

  private static void beginOverHttp2(RawHttp2 connection, String path) throws IOException {
    if (path.equals(TOPIC)) {
      connection.beginPost(path);
    } else {
      connection.beginGet(path);
    }
  }

  private static void askOverHttp2(RawHttp2 connection, String path) throws IOException {
    if (path.equals(TOPIC)) {
      connection.post(path, BODY);
    } else {
      connection.get(path);
    }
  }

  private static void allowOne(RawHttp2 connection) throws IOException {
    try {
      connection.allow(1, 1);
    } catch (SocketException cut) {
      // who is cut off takes nothing more
    }
  }
}
