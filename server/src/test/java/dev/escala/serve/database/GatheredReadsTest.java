package dev.escala.serve.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.query.SqlStatement;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which reads are asked together, over one connection. */
@Tag("integration")
class GatheredReadsTest {
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static final String BY_ID = "SELECT name FROM things WHERE id = $1::text::int";

  private final Vertx vertx = Vertx.vertx();
  private final SqlClient client =
      PgBuilder.client()
          .with(new PoolOptions().setMaxSize(1))
          .connectingTo(
              ReadConnectOptions.to(DATABASE.url(), Duration.ofSeconds(30))
                  .setPassword(DATABASE.url().password()))
          .using(vertx)
          .build();
  private final List<Runnable> endOfTurn = new ArrayList<>();
  private final List<@Nullable String> statements = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final GatheredReads reads = new GatheredReads(endOfTurn::add, this::run, nanos::get);

  private <T> Future<T> run(@Nullable String role, Function<SqlClient, Future<T>> statement) {
    statements.add(role);
    return statement.apply(client);
  }

  @BeforeAll
  static void prepare() {
    DATABASE.execute(
        """
        CREATE TABLE things (id int PRIMARY KEY, name text);
        INSERT INTO things SELECT n, 'thing ' || n FROM generate_series(1, 1000) n\
        """);
  }

  @AfterEach
  void close() {
    client.close().await();
    vertx.close().await();
  }

  private Future<Optional<List<String>>> ask(@Nullable String role, String sql, String... values) {
    return reads.read(
        role,
        new SqlStatement(sql, Arrays.asList(values), List.of()),
        Collector.of(
            ArrayList::new,
            (names, row) -> names.add(row.getString(0)),
            (left, right) -> left,
            Collector.Characteristics.IDENTITY_FINISH));
  }

  private Future<Optional<List<String>>> ask(String id) {
    return ask(null, BY_ID, id);
  }

  private void turn() {
    List<Runnable> all = List.copyOf(endOfTurn);
    endOfTurn.clear();
    all.forEach(Runnable::run);
  }

  @Test
  void whatDiffersInValuesIsOneStatement() {
    List<Future<Optional<List<String>>>> asked =
        List.of(ask("1"), ask("7"), ask("0"), ask("7"), ask("1000"));
    turn();
    assertThat(asked.stream().map(each -> each.await()))
        .containsExactly(
            Optional.of(List.of("thing 1")),
            Optional.of(List.of("thing 7")),
            Optional.of(List.of()),
            Optional.of(List.of("thing 7")),
            Optional.of(List.of("thing 1000")));
    assertThat(statements).hasSize(1);
  }

  @Test
  void whoIsAloneInATurnAsksAlone() {
    Future<?> first = ask("1");
    turn();
    Future<?> second = ask("2");
    turn();
    assertThat(first.await()).isEqualTo(Optional.empty());
    assertThat(second.await()).isEqualTo(Optional.empty());
    assertThat(statements).isEmpty();
  }

  @Test
  void otherStatementsAndOtherRolesAreOthers() {
    List<Future<Optional<List<String>>>> asked =
        List.of(ask("1"), ask("a", BY_ID, "2"), ask("b", BY_ID, "3"), ask(null, BY_ID + " ", "4"));
    turn();
    assertThat(asked.stream().map(each -> each.await())).containsOnly(Optional.empty());
    asked = List.of(ask("a", BY_ID, "2"), ask("b", BY_ID, "3"), ask("a", BY_ID, "4"));
    turn();
    assertThat(asked.stream().map(each -> each.await()))
        .containsExactly(
            Optional.of(List.of("thing 2")), Optional.empty(), Optional.of(List.of("thing 4")));
    assertThat(statements).containsExactly("a");
  }

  @Test
  void valuesOfAllParametersAreToldApart() {
    String between = "SELECT name FROM things WHERE id > $1::text::int AND id < $2::text::int";
    List<Future<Optional<List<String>>>> asked =
        List.of(ask(null, between, "1", "4"), ask(null, between, "998", "1100"));
    turn();
    assertThat(asked.stream().map(each -> each.await()))
        .containsExactly(
            Optional.of(List.of("thing 2", "thing 3")),
            Optional.of(List.of("thing 999", "thing 1000")));
  }

  @Test
  void moreThanOneStatementTakesAreSeveral() {
    List<Future<Optional<List<String>>>> asked =
        IntStream.rangeClosed(1, 2 * GatheredReads.MOST + 1)
            .mapToObj(id -> ask(String.valueOf(id)))
            .toList();
    turn();
    assertThat(asked.getFirst().await()).contains(List.of("thing 1"));
    assertThat(asked.get(2 * GatheredReads.MOST - 1).await()).contains(List.of("thing 128"));
    assertThat(asked.getLast().await()).isEmpty();
    assertThat(statements).hasSize(2);
  }

  /** Each has an outcome of its own, and nobody asks twice for a while. */
  @Test
  void afterAFailureAllAskAlone() {
    List<Future<Optional<List<String>>>> asked = List.of(ask("1"), ask("none"));
    turn();
    assertThat(asked.stream().map(each -> each.await())).containsOnly(Optional.empty());
    List<Future<Optional<List<String>>>> soon = List.of(ask("1"), ask("2"));
    turn();
    assertThat(soon.stream().map(each -> each.await())).containsOnly(Optional.empty());
    assertThat(statements).hasSize(1);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    List<Future<Optional<List<String>>>> later = List.of(ask("1"), ask("2"));
    turn();
    assertThat(later.getLast().await()).contains(List.of("thing 2"));
  }

  @Test
  void aRowThatCannotBeTakenIsAFailure() {
    Collector<Row, int[], int[]> refusing =
        Collector.of(
            () -> new int[1],
            (count, row) -> {
              throw new ClassCastException("as planned");
            },
            (left, right) -> left,
            Collector.Characteristics.IDENTITY_FINISH);
    SqlStatement statement = new SqlStatement(BY_ID, List.of("1"), List.of());
    Future<Optional<int[]>> first = reads.read(null, statement, refusing);
    Future<Optional<int[]>> second = reads.read(null, statement, refusing);
    turn();
    assertThat(first.await()).isEmpty();
    assertThat(second.await()).isEmpty();
  }
}
