package dev.escala.app;

import dev.escala.app.LetterDesk.Asked;
import dev.escala.app.LetterDesk.Work;
import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.Problem;
import dev.escala.http.Router;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * On the admin port {@code /dead-letters}: lists, shows, replays and discards rejected messages.
 * All of it is behind the lock, since messages may be confidential.
 */
final class DeadLettersAdmin {
  private final LetterDesk desk;
  private final UnaryOperator<Handler> lock;

  /** The lock stands before all of it. */
  DeadLettersAdmin(LetterDesk desk, UnaryOperator<Handler> lock) {
    this.desk = desk;
    this.lock = lock;
  }

  void register(Router router) {
    on(router, "GET|HEAD", "/dead-letters", exchange -> desk::list);
    on(router, "POST", "/dead-letters/replay", exchange -> desk::replay);
    on(router, "POST", "/dead-letters/discard", exchange -> desk::discard);
    on(
        router,
        "GET|HEAD",
        "/dead-letters/{id}",
        exchange -> asked -> desk.show(asked, exchange.path().get(1)));
  }

  private void on(Router router, String methods, String path, Function<Exchange, Work> work) {
    router.on(
        methods,
        path,
        lock.apply(
            exchange -> {
              if (exchange.isOfStrangePage()) {
                exchange.problem(
                    Problem.of(ErrorCode.ESC148, "Pages of web sites may not ask for this", null));
              } else if (!exchange.caller().rights().mayAdminister()) {
                Denial.answer(exchange, "work on dead letters");
              } else {
                desk.answer(new Asked(exchange, null), work.apply(exchange));
              }
            }));
  }
}
