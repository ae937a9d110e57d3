package dev.escala.serve.database;

import dev.escala.query.GatheredSql;
import dev.escala.query.SqlStatement;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.internal.ArrayTuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Asks what is read of one turn of an event loop in one statement, where only values differ: a
 * database finds many keys in one for a fraction of what as many statements cost it. Who is alone
 * in a turn asks alone, and so do all of a statement that failed, each of which then has an outcome
 * of its own. Of one event loop.
 */
public final class GatheredReads {
  /** In one statement. */
  public static final int MOST = 64;

  private static final int MOST_REMEMBERED = 512;

  /** So that who asks for what fails does not make all others ask twice. */
  private static final long REST_NANOS = 1_000_000_000;

  private final Executor endOfTurn;
  private final Runner runner;
  private final LongSupplier nanos;
  private Map<Shape, List<Waiting<?>>> waiting = new LinkedHashMap<>();

  private final Map<Shape, Gathering> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, Gathering> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** Runs a statement as a role, or as the login where there is none. */
  interface Runner {
    <T> Future<T> run(@Nullable String role, Function<SqlClient, Future<T>> statement);
  }

  /** What those who are asked together have in common. */
  private record Shape(@Nullable String role, String text) {}

  /** How a shape is asked for many, and from when on. */
  private static final class Gathering {
    private final String text;
    private long fromNanos;

    Gathering(String text, long now) {
      this.text = text;
      fromNanos = now;
    }
  }

  /** One who waits for rows, and what was made of these so far. */
  private record Waiting<R>(
      List<String> values, Collector<Row, R, R> rows, R read, Promise<Optional<R>> answer) {
    static <R> Waiting<R> of(SqlStatement statement, Collector<Row, R, R> rows) {
      ContextInternal asking = ContextInternal.current();
      Promise<Optional<R>> answer = asking == null ? Promise.promise() : asking.promise();
      return new Waiting<>(statement.parameters(), rows, rows.supplier().get(), answer);
    }

    void add(Row row) {
      rows.accumulator().accept(read, row);
    }

    void done() {
      answer.complete(Optional.of(read));
    }

    void asksAlone() {
      answer.complete(Optional.empty());
    }
  }

  /**
   * Asks with the help of these.
   *
   * @param endOfTurn runs what is given to it behind all that the event loop does now
   * @param nanos a clock
   */
  GatheredReads(Executor endOfTurn, Runner runner, LongSupplier nanos) {
    this.endOfTurn = endOfTurn;
    this.runner = runner;
    this.nanos = nanos;
  }

  /**
   * Reads together with others.
   *
   * @param statement with at least one parameter
   * @param rows with one column more than those of the statement, behind them
   * @return what was read; empty where it has to be asked alone
   */
  <R> Future<Optional<R>> read(
      @Nullable String role, SqlStatement statement, Collector<Row, R, R> rows) {
    if (waiting.isEmpty()) {
      endOfTurn.execute(this::ask);
    }
    Waiting<R> one = Waiting.of(statement, rows);
    Shape shape = new Shape(role, statement.text());
    waiting.computeIfAbsent(shape, first -> new ArrayList<>()).add(one);
    return one.answer().future();
  }

  private void ask() {
    Map<Shape, List<Waiting<?>>> all = waiting;
    waiting = new LinkedHashMap<>();
    all.forEach(
        (shape, asked) -> {
          for (int from = 0; from < asked.size(); from += MOST) {
            ask(shape, asked.subList(from, Math.min(asked.size(), from + MOST)));
          }
        });
  }

  private void ask(Shape shape, List<Waiting<?>> asked) {
    if (asked.size() == 1) {
      asked.getFirst().asksAlone();
      return;
    }
    long now = nanos.getAsLong();
    Gathering gathering =
        known.computeIfAbsent(shape, of -> new Gathering(GatheredSql.text(of.text()), now));
    if (now - gathering.fromNanos < 0) {
      asked.forEach(Waiting::asksAlone);
      return;
    }
    runner
        .run(shape.role(), client -> rows(client, gathering.text, asked))
        .onSuccess(read -> asked.forEach(Waiting::done))
        .onFailure(
            failure -> {
              gathering.fromNanos = nanos.getAsLong() + REST_NANOS;
              asked.forEach(Waiting::asksAlone);
            });
  }

  /** The last column tells for whom a row is, from 1. */
  private static Future<?> rows(SqlClient client, String text, List<Waiting<?>> asked) {
    return client
        .preparedQuery(text)
        .collecting(
            Collector.<Row, List<Waiting<?>>>of(
                () -> asked,
                (all, row) -> all.get(row.getInteger(row.size() - 1) - 1).add(row),
                (left, right) -> left,
                Collector.Characteristics.IDENTITY_FINISH))
        .execute(values(asked));
  }

  /** For each parameter the values of all. */
  private static Tuple values(List<Waiting<?>> asked) {
    int parameters = asked.getFirst().values().size();
    ArrayTuple tuple = new ArrayTuple(parameters);
    for (int i = 0; i < parameters; i++) {
      String[] values = new String[asked.size()];
      for (int one = 0; one < values.length; one++) {
        values[one] = asked.get(one).values().get(i);
      }
      tuple.addArrayOfString(values);
    }
    return tuple;
  }
}
