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

/** Where a proxy puts a path before the server, everything is found below that path. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class BehindPrefixTest {
  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
  }

  @Test
  void eachPageIsFoundBelowIt() throws IOException, InterruptedException {
    run.reject("behind", "nonsense");
    try (PrefixProxy proxy = new PrefixProxy(run.demo().url())) {
      Page page = run.newPage().size(1280, 800).open(proxy.address());
      page.until("document.querySelector('.list td a')").click(".list td a", "flights");
      page.until("document.querySelector('.grid-cell')").click("button", "Chart");
      page.until("document.querySelector('.plot canvas')");
      page.run("location.hash = '#/sql/flights?q=select%201%20as%20n'");
      page.untilShown("1 row");
      page.run("location.hash = '#/publish/behind_ok'");
      page.click("textarea")
          .type("{\"a\": 1}")
          .click("button.main")
          .untilShown("What became of it");
      page.run("location.hash = '#/topics/behind'");
      page.until("document.querySelector('.list tbody button')");
      page.click("button", "Discard these").click(".notice button", "Discard these");
      page.untilShown("1 discarded");
      page.run("location.hash = '#/health'");
      page.until("document.querySelector('.check-card')");
      page.run("location.hash = '#/runbook/api'");
      page.until("document.querySelector('.document h2')");
      assertThat(
              page.run(
                      "performance.getEntriesByType('resource').every(each =>"
                          + " new URL(each.name).pathname.startsWith('"
                          + PrefixProxy.PREFIX
                          + "/'))")
                  .asBoolean())
          .isTrue();
      assertThat(page.troubles()).isEmpty();
    }
  }
}
