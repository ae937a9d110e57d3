package dev.escala.serve.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
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

  private static Future<List<String>> asked(Vertx vertx, DatabaseSettings settings) {
    return ReadConnectOptions.toCatalog(vertx, settings)
        .compose(
            connection ->
                CatalogReader.read(connection, settings).eventually(() -> connection.close()))
        .map(found -> found.troubles().stream().map(QueryTrouble::detail).toList());
  }
}
