package dev.escala.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.CommandFailed;
import dev.escala.browser.Page;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is shown to an API that wants to know who asks, by answers that a lock would give. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class WhoLooksTest {
  private static final String LOCK =
      """
      window.shown = [];
      const open = window.fetch;
      window.fetch = (address, how = {}) => {
        const key = how.headers?.Authorization;
        window.shown.push(key ?? '');
        const status = key === 'Bearer right' ? 0 : key ? 403 : 401;
        const told = { code: status === 401 ? 'PGRST302' : 'ESC140', message: 'no' };
        return status === 0 ? open(address, how) : Promise.resolve(new Response(JSON.stringify(told), { status }));
      };
      window.dispatchEvent(new Event('session'));
      """;

  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
  }

  @Test
  void aKeyIsAskedForKeptInTheTabAndSentInAHeader() throws IOException, InterruptedException {
    Page page = run.open("#/data/flights/airports").until("document.querySelector('.grid-cell')");
    page.run(LOCK);
    page.untilShown("Who are you?").click(".notice button", "Show a key");
    page.until("document.querySelector('dialog[open]')");
    assertThat(page.violations()).isEmpty();
    page.type("wrong").press("Enter").untilShown("Not for you");
    page.click(".notice button", "Show a key").until("document.querySelector('dialog[open]')");
    page.run("document.querySelector('dialog input').select()");
    page.type("right").press("Enter").until("document.querySelector('.grid-cell')");

    assertThat(page.run("window.shown.at(-1)").asString()).isEqualTo("Bearer right");
    assertThat(page.run("sessionStorage.getItem('escala.token')").asString()).isEqualTo("right");
    assertThat(
            page.run("JSON.stringify(localStorage) + document.cookie + location.href").asString())
        .doesNotContain("right");
    assertThat(
            page.run(
                    "performance.getEntriesByType('resource').some(each =>"
                        + " each.name.includes('right'))")
                .asBoolean())
        .as("in an address")
        .isFalse();
    page.click("button", "Request").until("document.querySelector('pre.code')");
    page.click("[role=tab]", "curl");
    assertThat(page.text("pre.code")).contains("$ESCALA_TOKEN").doesNotContain("right");

    page.click("button", "Put the key away").untilShown("Who are you?");
    assertThat(page.run("sessionStorage.getItem('escala.token')").isNull()).isTrue();
    assertThat(page.troubles()).isEmpty();
  }
}
