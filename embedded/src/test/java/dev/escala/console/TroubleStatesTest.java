package dev.escala.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.CommandFailed;
import dev.escala.browser.Page;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each page shows to who may not see it, and while the server does not answer. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class TroubleStatesTest {
  /** The API answers as {@code window.answer} says, or as it is where that is null. */
  private static final String BETWEEN =
      """
      {
        const open = window.fetch;
        window.answer = null;
        window.fetch = (address, how) => {
          if (!window.answer || String(address).includes('/console/')) { return open(address, how); }
          const { status, code } = window.answer;
          return status === 0 ? Promise.reject(new TypeError('no way')) : Promise.resolve(
            new Response(JSON.stringify({ code, message: 'for a test', hint: 'wait' }), { status }));
        };
      }
      """;

  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
    run.reject("troubled", "nonsense");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#/",
        "#/data/flights/airports",
        "#/sql/flights?q=select%201",
        "#/topics",
        "#/topics/troubled",
        "#/topics/troubled?letter=ID"
      })
  void isToldAndMended(String path) throws IOException, InterruptedException {
    String fragment = path.replace("ID", Long.toString(run.firstLetter("troubled")));
    Page page = run.open("#/publish").until("document.querySelector('textarea')");
    page.run(BETWEEN);
    anew(page, fragment, "{ status: 403, code: 'ESC140' }");
    page.untilShown("Not for you").untilShown("ESC140");
    assertThat(page.violations()).isEmpty();
    anew(page, fragment, "{ status: 503, code: 'ESC001' }");
    page.untilShown("The server could not do it").untilShown("wait");
    assertThat(page.violations()).isEmpty();
    anew(page, fragment, "{ status: 0 }");
    page.untilShown("The server does not answer");
    page.run("window.answer = null");
    if (!fragment.startsWith("#/sql")) {
      page.click(".notice button", "Try again");
      page.until(
          "(() => { document.querySelector('.notice.bad button')?.click();"
              + " return !document.querySelector('.notice.bad'); })()");
    }
    assertThat(page.troubles()).isEmpty();
  }

  private static void anew(Page page, String fragment, String answer)
      throws IOException, InterruptedException {
    page.run("window.answer = " + answer + "; location.hash = '#/publish'");
    page.until("document.querySelector('textarea')");
    page.run(
        "window.dispatchEvent(new Event('session')); location.hash = " + Page.quoted(fragment));
  }
}
