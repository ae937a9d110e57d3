package dev.escala.serve.database;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Connections that many requests share, for those whose statements have to follow each other: all
 * of a request are handed to one connection at once, which sends them in this order, with nothing
 * of another request in between, also where one has to be prepared first. Lives on one event loop.
 */
final class SharedConnections {
  private static final String BECOME = "SELECT pg_catalog.set_config('role', $1, false)";
  private static final String BEGIN = "BEGIN READ ONLY";

  /** Undoes also what a function set for the whole session. */
  private static final String END = "ROLLBACK";

  private final Context home;
  private final Supplier<Future<PgConnection>> connecting;
  private final List<Slot> slots; // only touched at home
  private boolean closed; // likewise

  /** A place for a connection, which is opened when it is needed. */
  private static final class Slot {
    private @Nullable Future<PgConnection> connection;
    private int inFlight;

    /** As which role its session reads; null for the login. */
    private @Nullable String role;

    /** Nobody may say yet as which. */
    private boolean isBecoming;

    boolean is(@Nullable String wanted) {
      return !isBecoming && Objects.equals(role, wanted);
    }

    boolean isIdle() {
      return inFlight == 0 && !isBecoming;
    }

    /** The next connection begins as the login. */
    void forget() {
      connection = null;
      role = null;
    }
  }

  SharedConnections(Context home, int connections, Supplier<Future<PgConnection>> connecting) {
    this.home = home;
    this.connecting = connecting;
    slots = IntStream.range(0, connections).mapToObj(i -> new Slot()).toList();
  }

  /**
   * Runs a statement as a role and without a transaction, on a connection whose session has that
   * role; one that has nothing to do may become it. Where all are busy as others, or it finds that
   * it needs more than the role, it runs in a transaction.
   *
   * @param role or null for the login
   * @param plain the statement, which leaves nothing behind in its session
   * @param settings for the transaction, of the same role; made where they are needed
   * @param statement what runs in the transaction
   */
  <T> Future<T> run(
      @Nullable String role,
      Function<SqlClient, Future<T>> plain,
      Supplier<RequestSettings> settings,
      Function<SqlClient, Future<T>> statement) {
    return atHome(
        () -> {
          Optional<Slot> slot = of(role);
          return slot.isEmpty()
              ? begun(settings.get(), statement)
              : as(role, slot.get(), plain)
                  .recover(
                      failure ->
                          failure instanceof NotBecome || DatabaseErrors.isNotPlain(failure)
                              ? begun(settings.get(), statement)
                              : Future.failedFuture(failure));
        });
  }

  /**
   * The same where it can be done at once and without a transaction; fails else.
   *
   * @param role or null for the login
   */
  <T> Future<T> alone(@Nullable String role, Function<SqlClient, Future<T>> plain) {
    return atHome(
        () -> {
          Optional<Slot> slot = of(role);
          return slot.isEmpty()
              ? Future.failedFuture(new NotBecome())
              : as(role, slot.get(), plain);
        });
  }

  /** Whoever has nothing to do goes before those who are this role already but busy. */
  private Optional<Slot> of(@Nullable String role) {
    if (RequestSettings.isNone(role)) {
      return Optional.empty();
    }
    return slots.stream()
        .filter(slot -> slot.is(role) || slot.isIdle())
        .min(
            Comparator.<Slot>comparingInt(slot -> slot.inFlight)
                .thenComparing(slot -> !slot.is(role)));
  }

  private <T> Future<T> as(@Nullable String role, Slot slot, Function<SqlClient, Future<T>> plain) {
    boolean becomes = !slot.is(role);
    if (!becomes) {
      return on(slot, connection -> attempt(plain, connection));
    }
    slot.isBecoming = true;
    return on(
            slot,
            connection ->
                become(role, slot, connection).compose(ignored -> attempt(plain, connection)))
        .onComplete(done -> slot.isBecoming = false);
  }

  private Future<Void> become(@Nullable String role, Slot slot, PgConnection connection) {
    return connection
        .preparedQuery(BECOME)
        .execute(Tuple.of(role == null ? "none" : role))
        .<Void>transform(
            done -> {
              slot.isBecoming = false;
              if (done.failed()) {
                leave(slot, connection);
                return Future.failedFuture(new NotBecome());
              }
              slot.role = role;
              return Future.succeededFuture();
            });
  }

  /** The database does not let a session become a role; a transaction finds out why. */
  private static final class NotBecome extends Exception {
    private static final long serialVersionUID = 1L;

    NotBecome() {
      super("the role was not taken", null, false, false);
    }
  }

  /**
   * Runs a statement in a transaction of its own, read-only, in which these settings hold. Its
   * result is given only if all of it went well, and the first failure else.
   */
  <T> Future<T> run(RequestSettings settings, Function<SqlClient, Future<T>> statement) {
    return atHome(() -> begun(settings, statement));
  }

  private <T> Future<T> begun(RequestSettings settings, Function<SqlClient, Future<T>> statement) {
    return this.<T>inTransaction(settings, statement)
        .recover(
            failure ->
                failure instanceof NotBegun
                    ? inTransaction(settings, statement)
                    : Future.failedFuture(failure));
  }

  private <T> Future<T> inTransaction(
      RequestSettings settings, Function<SqlClient, Future<T>> statement) {
    Slot slot = slots.stream().min(Comparator.comparingInt(each -> each.inFlight)).orElseThrow();
    return on(
        slot,
        connection -> {
          Future<?> begun = connection.query(BEGIN).execute();
          Future<?> told = settings.tell(connection);
          Future<T> result = told.failed() ? told.mapEmpty() : attempt(statement, connection);
          Future<?> ended = connection.query(END).execute();
          return Future.join(begun, told, result, ended)
              .transform(
                  all -> {
                    if (begun.failed() || ended.failed()) {
                      leave(slot, connection);
                    }
                    return outcome(begun, told, result, ended);
                  });
        });
  }

  /** What was read is worth nothing where something before it failed: it may be another's. */
  private static <T> Future<T> outcome(
      Future<?> begun, Future<?> told, Future<T> result, Future<?> ended) {
    if (begun.failed() && begun.cause() instanceof PgException) {
      return Future.failedFuture(new NotBegun());
    }
    return Stream.of(begun, told, result, ended)
        .filter(Future::failed)
        .findFirst()
        .<Future<T>>map(failed -> Future.failedFuture(failed.cause()))
        .orElse(result);
  }

  /** The transaction before it on the connection did not end as it should; others are fine. */
  private static final class NotBegun extends Exception {
    private static final long serialVersionUID = 1L;

    NotBegun() {
      super("no transaction was begun", null, false, false);
    }
  }

  /** What is begun has to be ended, whatever happens in between. */
  private static <T> Future<T> attempt(
      Function<SqlClient, Future<T>> statement, SqlClient connection) {
    try {
      return statement.apply(connection);
    } catch (RuntimeException failure) {
      return Future.failedFuture(failure);
    }
  }

  private <T> Future<T> on(Slot slot, Function<PgConnection, Future<T>> use) {
    slot.inFlight++;
    return connected(slot).compose(use).onComplete(done -> slot.inFlight--);
  }

  private Future<PgConnection> connected(Slot slot) {
    Future<PgConnection> present = slot.connection;
    if (present != null) {
      return present;
    }
    if (closed) {
      return Future.failedFuture("closed");
    }
    Future<PgConnection> opening = connecting.get();
    slot.connection = opening;
    return opening
        .onFailure(ignored -> forget(slot, opening))
        .onSuccess(
            open -> {
              open.closeHandler(ignored -> forget(slot, opening));
              open.exceptionHandler(ignored -> {}); // without one its end is printed
              ShortErrors.on(open);
            });
  }

  private static void forget(Slot slot, Future<PgConnection> connection) {
    if (connection.equals(slot.connection)) {
      slot.forget();
    }
  }

  /** Nobody knows in which transaction it is. */
  private static void leave(Slot slot, PgConnection connection) {
    Future<PgConnection> present = slot.connection;
    if (present != null && connection.equals(present.result())) {
      slot.forget();
      connection.close();
    }
  }

  private <T> Future<T> atHome(Supplier<Future<T>> work) {
    ContextInternal asking = ContextInternal.current();
    Promise<T> answer = asking == null ? Promise.promise() : asking.promise();
    if (asking != null
        && asking.nettyEventLoop().equals(((ContextInternal) home).nettyEventLoop())) {
      work.get().onComplete(answer);
    } else {
      home.runOnContext(ignored -> work.get().onComplete(answer));
    }
    return answer.future();
  }

  void close() {
    home.runOnContext(
        ignored -> {
          closed = true;
          for (Slot slot : slots) {
            Future<PgConnection> present = slot.connection;
            if (present != null) {
              present.onSuccess(PgConnection::close);
            }
          }
        });
  }
}
