package dev.escala.serve.database;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One connection, which many requests share. */
@Tag("integration")
class SharedConnectionsTest {
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static final String WHO =
      """
      SELECT current_user::text,
             coalesce(current_setting('request.jwt.claims', true), ''), pg_backend_pid()\
      """;

  private final Vertx vertx = Vertx.vertx();
  private final Context home = vertx.getOrCreateContext();
  private final AtomicInteger opened = new AtomicInteger();
  private final SharedConnections shared = new SharedConnections(home, 1, this::connect);

  @BeforeAll
  static void prepare() {
    DATABASE.execute(
        "DROP ROLE IF EXISTS shared_member, shared_other; CREATE ROLE shared_member; CREATE ROLE"
            + " shared_other");
  }

  @AfterAll
  static void dropRole() {
    DATABASE.execute("DROP ROLE shared_member, shared_other");
  }

  @AfterEach
  void close() {
    shared.close();
    vertx.close().await();
  }

  private Future<PgConnection> connect() {
    opened.incrementAndGet();
    return PgConnection.connect(
        vertx,
        ReadConnectOptions.to(DATABASE.url(), Duration.ofSeconds(30))
            .setPassword(DATABASE.url().password()));
  }

  private static RequestSettings as(@Nullable String role, String claims) {
    return new RequestSettings(
        List.of("public", claims, "GET", "/", "{}", "{}"), Map.of(), role, null);
  }

  private static Function<SqlClient, Future<Row>> row(String sql) {
    return client -> client.preparedQuery(sql).execute().map(rows -> rows.iterator().next());
  }

  /** Without a transaction, where that is possible. */
  private <T> Future<T> alone(@Nullable String role, Function<SqlClient, Future<T>> statement) {
    return shared.run(role, statement, () -> as(role, "{}"), statement);
  }

  private void assertNothingIsLeft() {
    Row row = alone(null, row(WHO)).await();
    assertThat(row.getString(0)).isEqualTo("postgres");
    assertThat(row.getString(1)).isEmpty();
  }

  @Test
  void nothingIsLeftOfARequest() {
    Row row = shared.run(as("shared_member", "{\"sub\":1}"), row(WHO)).await();
    assertThat(row.getString(0)).isEqualTo("shared_member");
    assertThat(row.getString(1)).isEqualTo("{\"sub\":1}");
    assertNothingIsLeft();
  }

  /** Each statement is new to the connection, and prepared while others stand behind it. */
  @Test
  void statementsOfOneAreNotAmongThoseOfAnother() {
    List<Future<Row>> asked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asked.add(shared.run(as("shared_member", "{\"n\":%d}".formatted(i)), row(WHO + " -- " + i)));
      asked.add(alone(null, row(WHO + " /* " + i + " */")));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(asked.get(2 * i).await().getString(1)).isEqualTo("{\"n\":%d}".formatted(i));
      assertThat(asked.get(2 * i + 1).await().getString(0)).isEqualTo("postgres");
    }
    assertThat(opened).hasValue(1);
  }

  /** As a policy does that reads the claims, where a table has it since a moment ago. */
  @Test
  void whatFailsAsTheRoleAloneIsToldTheRest() {
    String claim = "SELECT current_setting('request.jwt.claims', true)::json ->> 'sub'";
    assertThat(
            shared.run(as("shared_member", "{\"sub\":\"ana\"}"), row(claim)).await().getString(0))
        .isEqualTo("ana");
    Row again =
        shared
            .run(
                "shared_member",
                row(claim),
                () -> as("shared_member", "{\"sub\":\"eva\"}"),
                row(claim))
            .await();
    assertThat(again.getString(0)).isEqualTo("eva");
  }

  @Test
  void aRoleThatIsNotThereFailsTheStatement() {
    assertThatThrownBy(() -> shared.run(as("shared_nobody", "{}"), row(WHO)).await())
        .isInstanceOfSatisfying(
            PgException.class, refused -> assertThat(refused.getSqlState()).isEqualTo("22023"));
    assertNothingIsLeft();
  }

  @Test
  void aStatementThatFailsOrIsNeverSentLeavesNothing() {
    assertThatThrownBy(
            () -> shared.run(as("shared_member", "{}"), row("SELECT 1 / (random() * 0)")).await())
        .isInstanceOf(PgException.class);
    assertNothingIsLeft();
    assertThatThrownBy(
            () ->
                shared
                    .<Row>run(
                        as("shared_member", "{}"),
                        client -> {
                          throw new IllegalStateException("as planned");
                        })
                    .await())
        .hasMessage("as planned");
    assertNothingIsLeft();
    assertThat(opened).hasValue(1);
  }

  /** What is sent outside of a transaction is the login's, and would be given to the caller. */
  @Test
  void whereNoTransactionBeginsNothingIsGivenAndAnotherConnectionAnswers() {
    assertThatThrownBy(
            () ->
                alone(null, client -> client.query("BEGIN; SELECT 'x'::text::int").execute())
                    .await())
        .isInstanceOf(PgException.class);
    Row row = shared.run(as("shared_member", "{\"sub\":2}"), row(WHO)).await();
    assertThat(row.getString(0)).isEqualTo("shared_member");
    assertThat(opened).hasValue(2);
    assertNothingIsLeft();
  }

  @Test
  void aSessionTakesTheRoleOfWhoAsksOnce() {
    for (int i = 0; i < 3; i++) {
      Row row = alone("shared_member", row(WHO)).await();
      assertThat(row.getString(0)).isEqualTo("shared_member");
      assertThat(row.getString(1)).as("nothing else is told").isEmpty();
    }
    assertThat(opened).hasValue(1);
    assertNothingIsLeft();
  }

  @Test
  void whoeverAsksWhateverWayIsWhoItIs() {
    SharedConnections three = new SharedConnections(home, 3, this::connect);
    List<@Nullable String> roles = Arrays.asList("shared_member", "shared_other", null);
    List<Future<Row>> asked = new ArrayList<>();
    Random random = new Random(1);
    List<@Nullable String> asking = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String role = roles.get(random.nextInt(3));
      String sql = WHO + " -- " + random.nextInt(20);
      RequestSettings settings = as(role, "{\"n\":%d}".formatted(i));
      asking.add(role);
      asked.add(
          random.nextInt(3) == 0
              ? three.run(settings, row(sql))
              : three.run(role, row(sql), () -> settings, row(sql)));
      if (random.nextInt(10) == 0) {
        var _ = asked.get(random.nextInt(asked.size())).await();
      }
    }
    for (int i = 0; i < asked.size(); i++) {
      String role = asking.get(i);
      Row row = asked.get(i).await();
      assertThat(row.getString(0)).isEqualTo(role == null ? "postgres" : role);
      assertThat(row.getString(1)).isIn("", "{\"n\":%d}".formatted(i));
    }
    three.close();
  }

  @Test
  void aRoleThatNobodyMayTakeFailsAlsoWithoutATransaction() {
    for (String role : List.of("shared_nobody", "none")) {
      assertThatThrownBy(() -> alone(role, row(WHO)).await()).isInstanceOf(Exception.class);
      assertNothingIsLeft();
    }
  }

  @Test
  void aNewConnectionIsNotTakenForTheRoleOfTheOneBefore() {
    Row before = alone("shared_member", row(WHO)).await();
    DATABASE.execute("SELECT pg_terminate_backend(%d)".formatted(before.getInteger(2)));
    eventually(
        "the end is seen",
        () ->
            alone("shared_member", row(WHO))
                .map(row -> !row.getInteger(2).equals(before.getInteger(2)))
                .otherwise(false)
                .await());
    assertThat(alone("shared_member", row(WHO)).await().getString(0)).isEqualTo("shared_member");
    assertNothingIsLeft();
  }

  @Test
  void whatNeedsMoreThanTheRoleIsReadInATransaction() {
    Row row =
        shared
            .run(
                "shared_member",
                row("SELECT 1 / (random() * 0)"),
                () -> as("shared_member", "{\"sub\":3}"),
                row(WHO))
            .await();
    assertThat(row.getString(1)).isEqualTo("{\"sub\":3}");
    assertNothingIsLeft();
  }
}
