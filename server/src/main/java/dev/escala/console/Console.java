package dev.escala.console;

import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.Problem;
import dev.escala.http.Router;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the console. It needs no credentials, as it holds no data; its files are read when
 * the first browser comes.
 */
public final class Console {
  private static final String READ = "GET|HEAD";

  /** The version stands in the path of a file, so that it never changes there. */
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private static final String ASK_AGAIN = "no-cache";
  private static final int SEGMENTS_BEFORE_FILE = 2;

  private volatile @Nullable ConsoleFiles files;

  /**
   * Adds the routes.
   *
   * @param index answers {@code /} to all who do not ask for a page
   */
  public void register(Router router, Handler index) {
    Handler page = exchange -> withFiles(exchange, this::page);
    router
        .on(READ, "/", exchange -> (wantsPage(exchange) ? page : index).handle(exchange))
        .on(Router.OTHER, "/", index)
        .on(READ, "/console", Console::toPage)
        .on(READ, "/console/{version}/{*file}", exchange -> withFiles(exchange, this::file));
  }

  private static boolean wantsPage(Exchange exchange) {
    return PageWish.of(exchange.header("Accept"));
  }

  /** An address that people guess; relative, as nobody knows what a proxy puts before it. */
  private static void toPage(Exchange exchange) {
    exchange.with("Location", exchange.rawPath().endsWith("/") ? "../" : "./").nothing(302);
  }

  private void withFiles(Exchange exchange, BiConsumer<Exchange, ConsoleFiles> answer) {
    ConsoleFiles known = files;
    if (known != null) {
      answer.accept(exchange, known);
      return;
    }
    exchange.hold();
    exchange.apart(
        "read-console",
        () -> {
          ConsoleFiles read = ConsoleFiles.read();
          files = read;
          exchange.goOn(() -> answer.accept(exchange, read));
        });
  }

  private void page(Exchange exchange, ConsoleFiles known) {
    exchange
        .with("Content-Security-Policy", known.page().policy())
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("Referrer-Policy", "no-referrer");
    exchange.vary("Accept");
    give(exchange, known, known.page().file(), ASK_AGAIN);
  }

  private void file(Exchange exchange, ConsoleFiles known) {
    String version = exchange.path().get(1);
    String name =
        String.join("/", exchange.path().subList(SEGMENTS_BEFORE_FILE, exchange.path().size()));
    ConsoleFile file = version.equals(known.version()) ? known.files().get(name) : null;
    if (file == null) {
      exchange.problem(
          Problem.of(
              ErrorCode.ESC100,
              "The console has no such file",
              "It may be of another version: load the page again."));
    } else {
      give(exchange, known, file, FOR_EVER);
    }
  }

  private static void give(
      Exchange exchange, ConsoleFiles known, ConsoleFile file, String caching) {
    String tag = "\"" + known.version() + "\"";
    exchange
        .with("Cache-Control", caching)
        .with("ETag", "W/" + tag)
        .with("X-Content-Type-Options", "nosniff")
        .with("Cross-Origin-Resource-Policy", "same-origin");
    String held = exchange.header("If-None-Match");
    if (held != null && (held.contains(tag) || held.equals("*"))) {
      exchange.nothing(304);
    } else {
      file.answer(exchange);
    }
  }
}
