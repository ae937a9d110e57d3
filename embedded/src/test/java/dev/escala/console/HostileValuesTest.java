package dev.escala.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.CommandFailed;
import dev.escala.browser.Page;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whatever stands in data is shown as text, and the page stays usable. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class HostileValuesTest {
  private static final String MARKUP =
      "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`${1}";
  private static final int COLUMNS = 1500;
  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
  }

  @Test
  void markupIsText() throws IOException, InterruptedException {
    String right = "\u202Eright to left\u2066";
    run.publish(
        "hostile",
        "{\"na<b>me,\\\"(x)\":%s,\"rtl\":%s,\"doc\":{\"%s\":1},\"big\":12345678901234567890123.4567890}"
            .formatted(Page.quoted(MARKUP), Page.quoted(right), "<i>"));
    Page page = run.open("#/data/flights/hostile").until("document.querySelector('.grid-cell')");
    assertThat(page.texts(".grid-cell"))
        .contains(MARKUP, right, "{\"<i>\":1}", "12345678901234567890123.4567890");
    assertThat(page.texts(".grid-name b")).contains("na<b>me,\"(x)");

    page.click(".grid-cell", "<script>").click(".menu button", "Only this");
    page.until("document.querySelector('.chip')").until("document.querySelector('.grid-cell')");
    assertThat(page.text(".chip")).contains(MARKUP);
    page.click("[data-menu='0']")
        .click(".menu button", "What its values")
        .until("document.querySelector('.bars')");
    page.click("[data-sort='0']").until("document.querySelector('[aria-sort=ascending]')");
    page.click(".grid-gutter[data-row='0']").until("document.querySelector('.row-values')");
    page.until("document.querySelector('.row-values').innerText.includes('<script>')");
    assertThat(page.run("document.querySelectorAll('main script, main img').length").asInt())
        .isZero();
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aMegabyteIsCutAndOpenedWhole() throws IOException, InterruptedException {
    String large = "a".repeat(1 << 20);
    String lines =
        IntStream.range(0, 12)
            .mapToObj(i -> "{\"n\":%d,\"large\":\"%s\"}".formatted(i, large))
            .collect(Collectors.joining("\n"));
    run.publish("megabytes", lines);
    Page page =
        run.open("#/data/flights/megabytes?order=n")
            .until("document.querySelector('.grid-cell.number')");
    page.until("document.querySelectorAll('.grid-cell.number:not(.waiting)').length >= 10");
    assertThat(
            page.run(
                    "Math.max(...[...document.querySelectorAll('.grid-cell')].map(each =>"
                        + " each.textContent.length))")
                .asInt())
        .isLessThan(1000);
    page.click(".grid-gutter[data-row='0']").click(".row-values button", "Show all of it");
    page.until(
        "[...document.querySelectorAll('.row-values .value')].some(each => each.textContent.length"
            + " === 1048576)");
    assertThat(page.troubles()).isEmpty();
  }

  /** PostgreSQL has up to 1,600 of them. */
  @Test
  void manyColumnsAreScrolled() throws IOException, InterruptedException, SQLException {
    String columns =
        IntStream.range(0, COLUMNS)
            .mapToObj("1 AS column_%d"::formatted)
            .collect(Collectors.joining(","));
    try (Connection connection = run.demo().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE wide AS SELECT " + columns);
      statement.execute("GRANT SELECT ON wide TO escala_reader");
    }
    run.awaitRelation("wide");
    Page page = run.open("#/data/flights/wide").until("document.querySelector('.grid-cell')");
    assertThat(page.run("document.querySelectorAll('.grid-cell').length").asInt()).isLessThan(40);
    page.run("document.querySelector('.grid').focus()");
    page.press("ArrowRight").press("End");
    page.until(
        "[...document.querySelectorAll('.grid-name b')].some(b => b.textContent === 'column_%d')"
            .formatted(COLUMNS - 1));
    assertThat(page.troubles()).isEmpty();
  }
}
