package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.Exchange;
import dev.escala.model.Caller;
import dev.escala.model.Rights;
import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads by key that are asked of the database together are answered as those that are alone. */
@Tag("integration")
@Isolated("many requests of one turn have their connections in time")
class ReadsOfOneTurnTest {
  private static final List<String> ROLES =
      List.of("turn_login", "turn_member", "turn_reader", "turn_stranger");
  private static final OneTurn GATE = new OneTurn(ReadsOfOneTurnTest::caller);
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.dropRoles(ROLES);
    database.execute(
        """
        CREATE TYPE mood AS ENUM ('glad', 'very "sad"');
        CREATE DOMAIN positive AS bigint CHECK (value > 0);
        CREATE DOMAIN small_positive AS positive CHECK (value < 10);
        CREATE DOMAIN moment AS timestamptz;
        CREATE TYPE pair AS (n int, t text);
        CREATE ROLE turn_member; CREATE ROLE turn_reader; CREATE ROLE turn_stranger;
        CREATE ROLE turn_login LOGIN PASSWORD 'secret' NOINHERIT;
        GRANT turn_member, turn_reader, turn_stranger TO turn_login;
        CREATE TABLE owners (id int PRIMARY KEY, name text);
        INSERT INTO owners VALUES (1, 'ana'), (2, 'eva');
        CREATE TABLE notes (id int PRIMARY KEY, owner int REFERENCES owners, "$1 it's" text);
        INSERT INTO notes SELECT n, 1 + n % 2, 'note ' || n FROM generate_series(1, 200) n;
        CREATE TABLE pairs (a int, b text, v int, PRIMARY KEY (a, b));
        INSERT INTO pairs VALUES (1, 'x', 10), (1, 'y', 11), (2, 'x', 12)\
        """);
    for (JsonOfEachTypeTest.Values values : JsonOfEachTypeTest.types()) {
      String rows =
          values.literals().stream()
              .map(literal -> "('" + literal.replace("'", "''") + "')")
              .collect(Collectors.joining(", "));
      database.execute(
          "CREATE TABLE %s (i serial PRIMARY KEY, v %s); INSERT INTO %s (v) VALUES %s, (NULL)"
              .formatted(values.table(), values.type(), values.table(), rows));
    }
    database.execute(
        """
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO turn_login, turn_member, turn_reader\
        """);
    served =
        ServedDatabase.startBehind(
            GATE,
            ServedDatabase.settings(
                database.url(),
                Optional.of(ServedDatabase.login(database.url(), "turn_login")),
                ServedDatabase.SQL));
  }

  private static Caller caller(Exchange exchange) {
    String role = exchange.header("X-Role");
    return role == null ? Caller.ANYBODY : new Caller(Caller.Kind.KNOWN, role, "{}", Rights.ALL);
  }

  @AfterAll
  static void stop() {
    served.close();
    database.dropRoles(ROLES);
  }

  /** Asks each alone, and then all in one turn, which is one statement. */
  private static void assertTogetherAsAlone(List<String> paths, String... headers) {
    long before = gathered();
    assertSame(paths, headers);
    assertThat(gathered()).as("when the last statement for many began").isGreaterThan(before);
  }

  private static void assertSame(List<String> paths, String... headers) {
    List<HttpResponse<String>> alone =
        paths.stream().map(path -> served.get(path, headers)).toList();
    List<HttpResponse<String>> together = GATE.ask(served, paths, headers);
    for (int i = 0; i < paths.size(); i++) {
      assertThat(together.get(i).body()).as(paths.get(i)).isEqualTo(alone.get(i).body());
      assertThat(together.get(i).statusCode()).isEqualTo(alone.get(i).statusCode());
      assertThat(together.get(i).headers().map().keySet())
          .isEqualTo(alone.get(i).headers().map().keySet());
    }
  }

  /** Connections whose last statement read for many, by when it began. */
  private static long gathered() {
    return database.count(
        """
        SELECT coalesce(max((extract(epoch FROM query_start) * 1e6)::bigint), 0)
        FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE '%WITH ORDINALITY AS reader%'
          AND pid <> pg_backend_pid()\
        """);
  }

  static List<JsonOfEachTypeTest.Values> types() {
    return JsonOfEachTypeTest.types();
  }

  @ParameterizedTest
  @MethodSource("types")
  void valuesOfEachType(JsonOfEachTypeTest.Values values) {
    assertTogetherAsAlone(
        IntStream.rangeClosed(1, values.literals().size() + 2) // null, and a row that is not there
            .mapToObj(i -> "/db/" + values.table() + "?i=eq." + i)
            .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/db/notes?id=eq.%d",
        "/db/notes?select=id,owner:owners(name)&id=eq.%d",
        "/db/notes?select=%%221%%22:%%22%%241%%20it's%%22&id=eq.%d",
        "/db/notes?id=eq.%d&owner=eq.2&order=id&limit=5",
        "/db/notes?id=eq.%d&or=(owner.eq.1,owner.is.null)",
        "/db/notes?select=id::text&id=eq.%d&id=neq.3",
        "/db/pairs?a=eq.%d&b=eq.x",
        "/db/pairs?a=eq.1&b=in.(x)&v=lt.%d"
      })
  void partsOfTheDialect(String path) {
    assertTogetherAsAlone(
        IntStream.rangeClosed(1, 5).mapToObj(i -> path.formatted(i).replace(" ", "%20")).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.pgrst.object+json",
        "application/vnd.pgrst.array+json;nulls=stripped",
        "application/x-ndjson",
        "text/csv"
      })
  void formsOfAnswers(String type) {
    assertTogetherAsAlone(List.of("/db/notes?id=eq.1", "/db/notes?id=eq.0"), "Accept", type);
  }

  @Test
  void moreThanOneStatementTakes() {
    assertTogetherAsAlone(
        IntStream.rangeClosed(1, 150).mapToObj(i -> "/db/notes?id=eq." + i).toList());
  }

  /** What fails for one fails for one alone. */
  @Test
  void aValueThatIsNone() {
    assertSame(
        List.of(
            "/db/owners?id=eq.1",
            "/db/owners?id=eq.none",
            "/db/owners?id=eq.99999999999",
            "/db/owners?id=eq.2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"turn_member", "turn_reader"})
  void rolesReadTogether(String role) {
    assertTogetherAsAlone(
        List.of("/db/notes?id=eq.3", "/db/notes?id=eq.4", "/db/notes?id=eq.5"), "X-Role", role);
  }

  @Test
  void whoMayNotReadIsTold() {
    List<String> paths = List.of("/db/notes?id=eq.3", "/db/notes?id=eq.4");
    assertThat(GATE.ask(served, paths, "X-Role", "turn_stranger"))
        .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(403));
    assertThat(GATE.ask(served, paths, "X-Role", "turn_member"))
        .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
  }

  /** From the moment on where they are made: the catalog does not know of them. */
  @Test
  void policiesHold() {
    database.execute(
        """
        CREATE TABLE secrets (id int PRIMARY KEY, role text);
        INSERT INTO secrets VALUES (1, 'turn_member'), (2, 'turn_reader'), (3, 'turn_member');
        CREATE POLICY own ON secrets USING (role = current_user);
        GRANT SELECT ON secrets TO turn_member\
        """);
    List<String> paths =
        List.of("/db/secrets?id=eq.1", "/db/secrets?id=eq.2", "/db/secrets?id=eq.3");
    eventually(
        "it is served",
        () -> served.get(paths.getFirst(), "X-Role", "turn_member").statusCode() == 200);
    assertTogetherAsAlone(paths, "X-Role", "turn_member");
    database.execute("ALTER TABLE secrets ENABLE ROW LEVEL SECURITY");
    assertThat(GATE.ask(served, paths, "X-Role", "turn_member"))
        .extracting(HttpResponse::body)
        .containsExactly(
            "[{\"id\":1,\"role\":\"turn_member\"}]", "[]", "[{\"id\":3,\"role\":\"turn_member\"}]");
  }
}
