package dev.escala.serve;

import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.model.Caller;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A gate in front of a database, which lets several requests through in one turn of its loop. */
final class OneTurn {
  private final Function<Exchange, Caller> callers;
  private final List<Exchange> held = new ArrayList<>(); // only of the event loop
  private volatile int awaited = 1;

  OneTurn(Function<Exchange, Caller> callers) {
    this.callers = callers;
  }

  Handler before(Handler open) {
    return exchange -> {
      exchange.caller(callers.apply(exchange));
      held.add(exchange);
      if (held.size() == awaited) {
        List<Exchange> all = List.copyOf(held);
        held.clear();
        all.forEach(each -> each.context().runOnContext(ignored -> open.handle(each)));
      }
    };
  }

  /** The answers, in the order of the paths. */
  List<HttpResponse<String>> ask(ServedDatabase served, List<String> paths, String... headers) {
    awaited = paths.size();
    try {
      return paths.stream()
          .map(
              path ->
                  served
                      .client()
                      .sendAsync(served.request("GET", path, headers), BodyHandlers.ofString()))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    } finally {
      awaited = 1;
    }
  }
}
