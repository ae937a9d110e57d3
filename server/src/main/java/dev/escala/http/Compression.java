package dev.escala.http;

import dev.escala.http.coding.AcceptedCodings;
import dev.escala.http.coding.ZstdLibrary;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/**
 * Has answers packed by what {@code Accept-Encoding} asks for, and refuses reads of those who take
 * nothing that there is. Stands before a handler. Of one event loop.
 */
public final class Compression implements Handler {
  private final Handler next;
  private final Observer observer;
  private final WholeEncoders encoders = new WholeEncoders();
  private boolean told;

  /** Stands before a handler. */
  public Compression(Handler next, Observer observer) {
    this.next = next;
    this.observer = observer;
  }

  @Override
  public void handle(Exchange exchange) {
    AcceptedCodings accepted = accepted(exchange);
    exchange.packing().by(accepted, encoders);
    boolean reads = exchange.isHead() || exchange.method().equals("GET");
    // What changes something is done whatever the form of its answer.
    if (reads && accepted.takesNothing()) {
      exchange.problem(
          Problem.of(
              ErrorCode.ESC150,
              "There is no content coding here that Accept-Encoding allows",
              "There are gzip, zstd and identity, which is not to compress."));
    } else {
      next.handle(exchange);
    }
    if (accepted.asksForZstd()) {
      tellTrouble();
    }
  }

  /** Where a body ends HTTP/1.0 tells only by its length, which is not known while it is packed. */
  private static AcceptedCodings accepted(Exchange exchange) {
    return exchange.request().version() == HttpVersion.HTTP_1_0
        ? AcceptedCodings.of(List.of())
        : AcceptedCodings.of(exchange.headers().getAll(HttpHeaders.ACCEPT_ENCODING));
  }

  /** Once, and only where the library was needed. */
  private void tellTrouble() {
    if (!told) {
      told = true;
      ZstdLibrary.trouble()
          .ifPresent(
              trouble -> observer.observed(new Observation.TaskFailed("loading zstd", trouble)));
    }
  }
}
