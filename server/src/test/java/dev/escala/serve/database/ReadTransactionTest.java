package dev.escala.serve.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.http.connection.Client;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class ReadTransactionTest {
  private static final Client CLIENT = new Client(InetAddress.getLoopbackAddress());

  private final PostgresServer.Database database = PostgresServer.newDatabase();
  private final Vertx vertx = Vertx.vertx();
  private final DatabasePools pools =
      new DatabasePools(
          vertx,
          new DatabaseSettings(
              "db",
              database.url(),
              Optional.empty(),
              List.of("public"),
              Duration.ofSeconds(30),
              PoolSettings.DEFAULT,
              new SqlSettings(true, 100, 10_000, Duration.ofSeconds(30), 10_000)),
          database.url(),
          1,
          new RecordingObserver());

  @BeforeEach
  void aFunctionThatTellsIfItRuns() {
    database.execute(
        """
        CREATE FUNCTION loud(int) RETURNS int LANGUAGE plpgsql IMMUTABLE
          AS $$ BEGIN RAISE EXCEPTION 'it ran'; END $$\
        """);
  }

  @AfterEach
  void stop() {
    pools.close();
    vertx.close().await();
  }

  private List<ColumnDescriptor> columns(String sql) {
    ReadTransaction transaction = ReadTransaction.on(pools.sql(), CLIENT).await();
    Future<List<ColumnDescriptor>> columns =
        transaction.begin("BEGIN READ ONLY").compose(ignored -> transaction.columns(sql));
    return columns.onComplete(done -> transaction.end(done.cause())).await();
  }

  @Test
  void theColumnsOfAStatementAreToldWithoutComputingItsConstants() {
    assertThat(columns("SELECT loud(1) AS a, 'x' AS b FROM pg_class WHERE loud(2) > oid::int"))
        .extracting(ColumnDescriptor::name, ColumnDescriptor::typeName)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", "INT4"),
            org.assertj.core.groups.Tuple.tuple("b", "TEXT"));
    assertThatThrownBy(() -> database.execute("SELECT * FROM (SELECT loud(1)) AS q LIMIT 0"))
        .as("the planner computes it")
        .hasStackTraceContaining("it ran");
  }

  @Test
  void aStatementWithoutColumnsHasNone() {
    assertThat(columns("SELECT FROM pg_class")).isEmpty();
  }

  @Test
  void aStatementThatIsWrongFails() {
    assertThatThrownBy(() -> columns("SELECT nothing")).hasMessageContaining("42703");
    assertThat(columns("SELECT 1 AS a")).hasSize(1);
  }
}
