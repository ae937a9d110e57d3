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

/** The rows of a relation, as somebody who explores them sees them. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class RelationPageTest {
  private static final String CELLS = ".grid-cell:not(.waiting)";
  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
  }

  private static Page flights(String query) throws IOException, InterruptedException {
    return run.open("#/data/flights/flights" + query).until(cells());
  }

  private static String cells() {
    return "document.querySelector('" + CELLS + "')";
  }

  private static String count(Page page) throws IOException, InterruptedException {
    return page.text(".sheet-head [role=status]");
  }

  @Test
  void aClickOnAValueFiltersAndTheAddressHoldsIt() throws IOException, InterruptedException {
    Page page =
        flights("?order=scheduled_at")
            .click(".grid-cell[data-column='1']", "LAX")
            .click(".menu button", "Only this");
    page.until("location.hash.includes('eq.LAX') && document.querySelector('.chip')");
    assertThat(page.text(".chip")).contains("LAX");

    page.reload().until(cells());
    assertThat(page.texts(".chip span").getFirst()).isEqualTo("origin = LAX");
    assertThat(page.texts(".grid-row .grid-cell[data-column='1']"))
        .isNotEmpty()
        .allMatch("LAX"::equals);

    page.click(".chip button").until("!location.hash.includes('LAX')");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aFilterIsTyped() throws IOException, InterruptedException {
    Page page = flights("").click(".filters button", "Filter");
    page.choose("select[name=column]", "delay_minutes").choose("select[name=operator]", "≥");
    page.click("input[name=value]").type("120").press("Enter");
    page.until("location.hash.includes('delay_minutes=gte.120')").until(cells());
    assertThat(page.texts(".grid-cell.number[data-column='3']"))
        .isNotEmpty()
        .allMatch(delay -> Integer.parseInt(delay) >= 120);
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void whatFitsNothingIsSaid() throws IOException, InterruptedException {
    Page page = run.open("#/data/flights/flights?origin=eq.NOWHERE").untilShown("No row fits");
    page.click(".notice button", "Remove all filters").until(cells());
    assertThat(page.run("location.hash").asString()).isEqualTo("#/data/flights/flights");
  }

  @Test
  void aNameOrdersByItsColumn() throws IOException, InterruptedException {
    Page page =
        flights("").click("[data-sort='3']").until("location.hash.includes('delay_minutes.asc')");
    page.until("document.querySelector('[aria-sort=ascending]')").click("[data-sort='3']");
    page.until("location.hash.includes('delay_minutes.desc')")
        .until("document.querySelector('[aria-sort=descending]')");
    page.click("[data-sort='3']").until("!location.hash.includes('order')");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void columnsAreChosenAndStay() throws IOException, InterruptedException {
    Page page =
        flights("").click("button", "Columns").until("document.querySelector('.columns li')");
    page.click(".columns label", "destination").until("location.hash.includes('select=')");
    page.until(
        "![...document.querySelectorAll('.grid-name b')].some(b => b.textContent ==="
            + " 'destination')");
    page.reload().until(cells());
    assertThat(page.texts(".grid-name b")).contains("origin").doesNotContain("destination");
    page.click(".panel button", "All columns").until("!location.hash.includes('select=')");
  }

  @Test
  void eachRowIsReachedByScrollingAndByKeys() throws IOException, InterruptedException {
    Page page = flights("?order=scheduled_at");
    page.run("document.querySelector('.grid').focus()");
    page.press("ArrowDown").pressWithControl("End");
    String last = String.valueOf(ConsoleRun.FLIGHTS);
    page.until(
        "[...document.querySelectorAll('.grid-row')].some(row => row.innerText.startsWith('%s') && row.querySelector('.grid-cell:not(.waiting)'))"
            .formatted(last));
    page.until("!document.querySelector('.sheet-head [role=status]').innerText.includes('≈')");
    assertThat(count(page)).isEqualTo("3,000 rows");
    page.press("Enter").until("document.querySelector('.menu')").press("Escape");
    page.until("!document.querySelector('.menu')").pressWithControl("Home");
    page.until("document.querySelector('.grid-row .grid-gutter[data-row=\"0\"]')");
    assertThat(page.run("document.querySelectorAll('.grid-row').length").asInt()).isLessThan(60);
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aChartIsDrawnAndABarFilters() throws IOException, InterruptedException {
    Page page =
        flights("").click("button", "Chart").until("document.querySelector('.plot canvas')");
    page.choose("select[name=by]", "origin").until("document.querySelector('.chart-bars button')");
    page.choose("select[name=measure]", "mean of").until("location.hash.includes('~avg~')");
    page.until("document.querySelector('.chart-bars button')").click(".chart-bars button");
    page.until("document.querySelector('.chip')");
    assertThat(page.run("location.hash").asString()).contains("origin=eq.");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aColumnTellsWhatItsValuesAreLike() throws IOException, InterruptedException {
    Page page = flights("").click("[data-menu='3']").click(".menu button", "What its values");
    page.untilShown("Of all 3,000 rows").until("document.querySelector('.histogram i')");
    assertThat(page.texts(".bars li")).isNotEmpty();
    assertThat(page.text(".facts")).contains("Different values", "Smallest");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void theRequestIsShownAsPrograms() throws IOException, InterruptedException {
    Page page = flights("?origin=eq.LAX&order=delay_minutes.desc").click("button", "Request");
    page.until("document.querySelector('pre.code')");
    assertThat(page.text("pre.code"))
        .isEqualTo(run.address("flights/flights?origin=eq.LAX&order=delay_minutes.desc"));
    page.click("[role=tab]", "Python");
    assertThat(page.text("pre.code")).contains("(\"origin\", \"eq.LAX\")", "httpx.get");
    page.click("[role=tab]", "JavaScript");
    assertThat(page.text("pre.code"))
        .contains(".filter(\"origin\", \"eq\", \"LAX\")", "{ ascending: false }");
  }

  @Test
  void aRowIsOpenedWhole() throws IOException, InterruptedException {
    Page page =
        flights("?order=scheduled_at").click(".grid-gutter[data-row='2']").untilShown("Row 3");
    assertThat(page.text(".row-values")).contains("distance_miles", "_received_at");
    page.click(".panel [aria-label='Close this panel']").until("!document.querySelector('.panel')");
  }

  @Test
  void rowsArriveLive() throws IOException, InterruptedException {
    run.publish("gates", "{\"gate\":\"A1\",\"open\":true}");
    Page page = run.open("#/data/flights/gates?~live=on").untilShown("listening");
    run.publish("gates", "{\"gate\":\"B7\",\"open\":false}\n{\"gate\":\"C9\",\"open\":true}");
    page.untilShown("2 new rows").until(cells());
    assertThat(page.texts(".grid-cell[data-column='0']")).containsExactlyInAnyOrder("B7", "C9");

    page.click(".live button", "Pause");
    run.publish("gates", "{\"gate\":\"D4\",\"open\":true}");
    page.untilShown("1 row is held back").click(".live button", "Go on");
    page.until("document.querySelector('.grid-cell')?.textContent === 'D4'");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void whereNobodyCanListenThatIsSaid() throws IOException, InterruptedException {
    run.open("#/data/flights/airports?~live=on").untilShown("Nobody can listen here");
  }

  @Test
  void aRelationThatIsNotThereIsSaid() throws IOException, InterruptedException {
    Page page = run.open("#/data/flights/nope").untilShown("There is no relation nope");
    assertThat(page.troubles()).isEmpty();
    run.open("#/data/flights/flights?delay_minutes=eq.late").untilShown("This was refused");
  }
}
