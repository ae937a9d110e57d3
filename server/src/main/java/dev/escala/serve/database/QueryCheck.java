package dev.escala.serve.database;

import dev.escala.config.DatabaseUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks once whether published queries fit their database, for who writes them. */
public final class QueryCheck {
  private static final long PATIENCE_SECONDS = 30;

  private QueryCheck() {}

  /** One sentence for each query that does not fit; or one if the database cannot be asked. */
  public static List<String> troubles(DatabaseSettings settings) {
    Vertx vertx = Vertx.vertx();
    try {
      CompletableFuture<List<String>> asked = new CompletableFuture<>();
      vertx.runOnContext(
          ignored ->
              asked(vertx, settings)
                  .onSuccess(asked::complete)
                  .onFailure(asked::completeExceptionally));
      return asked.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException away) {
      return List.of("they cannot be checked: " + message(away));
    } finally {
      vertx.close();
    }
  }

  private static @Nullable String message(CompletionException away) {
    return away.getCause() == null ? away.getMessage() : away.getCause().getMessage();
  }

  /** Of several servers the first one that answers. */
  private static Future<PgConnection> toFirst(Vertx vertx, List<DatabaseUrl> servers) {
    Future<PgConnection> connected = ReadConnectOptions.toCatalog(vertx, servers.getFirst());
    for (DatabaseUrl next : servers.subList(1, servers.size())) {
      connected = connected.recover(away -> ReadConnectOptions.toCatalog(vertx, next));
    }
    return connected;
  }

  private static Future<List<String>> asked(Vertx vertx, DatabaseSettings settings) {
    return toFirst(vertx, settings.reads().each())
        .compose(
            connection ->
                CatalogReader.read(connection, settings).eventually(() -> connection.close()))
        .map(found -> found.troubles().stream().map(QueryTrouble::detail).toList());
  }
}
