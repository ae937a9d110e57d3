package dev.escala.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.CommandFailed;
import dev.escala.browser.Page;
import dev.escala.browser.Trace;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Three million rows in the grid: any place and back. How long the page's own work took is told by
 * the trace of the browser, and printed; machines differ, so that nothing is asserted by time.
 */
@Tag("integration")
@Tag("long")
@Execution(ExecutionMode.SAME_THREAD)
class MillionsOfRowsTest {
  private static final int ROWS = 3_000_000;
  private static final int MOST_TRIES = 10;
  private static final String GRID = "document.querySelector('.grid')";
  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
    run.execute(
        """
        CREATE TABLE many AS
          SELECT n AS id, md5(n::text) AS word, n * 1.5 AS amount, n %% 7 = 0 AS odd,
                 timestamptz '2026-01-01' + make_interval(secs => n) AS at, 'LAX' AS origin
          FROM generate_series(1, %d) AS n;
        ALTER TABLE many ADD PRIMARY KEY (id);
        ANALYZE many;
        GRANT SELECT ON many TO PUBLIC;
        """
            .formatted(ROWS));
    run.awaitRelation("many");
  }

  @Test
  void anyPlaceIsReachedAndBack() throws IOException, InterruptedException {
    Page page =
        run.open("#/data/flights/many?order=id").until("document.querySelector('.grid-cell')");
    long before = page.heapBytes();
    try (Trace trace = page.trace()) {
      for (double share : new double[] {0.5, 0.99, 0.1, 1, 0.3, 0}) {
        page.run("%s.scrollTop = %s.scrollHeight * %s; 0".formatted(GRID, GRID, share));
        page.until(shownFully());
      }
      page.run(wheel());
      page.until(shownFully());
      System.out.println(trace.report());
    }
    assertThat(page.run("document.querySelectorAll('.grid-row').length").asInt()).isLessThan(60);
    page.run("%s.scrollTop = %s.scrollHeight; %s.focus()".formatted(GRID, GRID, GRID));
    page.press("ArrowDown");
    for (int tries = 0; tries < MOST_TRIES && !page.run(last()).asBoolean(); tries++) {
      page.pressWithControl("End").until(shownFully());
    }
    assertThat(page.run(last()).asBoolean()).as("the last row, which was an estimate").isTrue();
    assertThat(page.heapBytes() - before).as("bytes of the page's heap").isLessThan(64 << 20);
    page.run(GRID + ".scrollTop = 0");
    page.until("document.querySelector('.grid-cell[data-column=\"0\"]')?.textContent === '1'");
    assertThat(page.troubles()).isEmpty();
  }

  /** Each row in view has its values. */
  private static String shownFully() {
    return "document.querySelectorAll('.grid-row').length > 5 &&"
        + " !document.querySelector('.grid-cell.waiting')";
  }

  private static String last() {
    return "[...document.querySelectorAll('.grid-cell[data-column=\"0\"]')]"
        + ".some(cell => cell.textContent === '"
        + ROWS
        + "')";
  }

  /** Sixty frames of a wheel that turns. */
  private static String wheel() {
    return "new Promise(done => { let n = 0; const turn = () => { %s.scrollTop += 90; ++n < 60 ?"
            .formatted(GRID)
        + " requestAnimationFrame(turn) : done(0); }; turn(); })";
  }
}
