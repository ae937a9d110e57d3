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

/** Rows inside of rows, maps, and questions that were published. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class ExplorePagesTest {
  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
  }

  @Test
  void otherRelationsAreEmbedded() throws IOException, InterruptedException {
    Page page =
        run.open(
                "#/data/flights/flights?select=origin,destination&order=scheduled_at&~panel=columns")
            .click("input[name=embed]");
    page.until("document.querySelector('.grid-cell.json')?.textContent.includes('iata')");
    assertThat(page.run("location.hash").asString()).contains("airports");
    page.reload().until("document.querySelector('.grid-cell.json')?.textContent.includes('iata')");
    assertThat(page.texts(".grid-name b")).hasSize(3).startsWith("origin", "destination");
    page.click("input[type=checkbox]:checked:not([name])");
    page.until("document.querySelectorAll('.grid-name').length === 2");
    assertThat(page.run("document.querySelectorAll('.grid-cell.json').length").asInt())
        .as("the embed stays")
        .isPositive();
    page.click("input[name=embed]:checked");
    page.until("document.querySelectorAll('.grid-name').length === 1");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void placesAreDrawnOnAMap() throws IOException, InterruptedException {
    Page page =
        run.open("#/data/flights/airports?state=eq.AK&~panel=chart")
            .until("document.querySelector('select[name=measure] option[value=map]')");
    page.choose("select[name=measure]", "map").until("document.querySelector('.map .dots')");
    int points =
        page.run("document.querySelector('.map .dots').getAttribute('d').split('M').length - 1")
            .asInt();
    assertThat(points).isGreaterThan(10);
    assertThat(page.texts(".map text"))
        .anyMatch(degrees -> degrees.endsWith("°W"))
        .anyMatch(degrees -> degrees.endsWith("°N"));
    page.reload().until("document.querySelector('.map .dots')");
    page.choose("select[name=measure]", "number of rows")
        .until("document.querySelector('.chart-bars li')");
    page.run("location.hash = '#/data/flights/airports?~panel=chart'");
    page.until("document.querySelector('.map .dots')"); // nobody has chosen, and there is no time
    page.run("location.hash = '#/data/flights/flights?~panel=chart&~chart=~map'");
    page.until("document.querySelector('.plot canvas, .chart-bars li')");
    assertThat(page.run("document.querySelector('option[value=map]') === null").asBoolean())
        .as("flights have no places")
        .isTrue();
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aPublishedQueryIsAsked() throws IOException, InterruptedException {
    Page page = run.open("#/queries").untilShown("Routes on which flights are late");
    page.click(".cards a").until("document.querySelector('input[name=least]')");
    page.click("input[name=least]").type("1").click("button.main");
    page.until("document.querySelector('.grid-cell')");
    assertThat(page.texts(".grid-name b")).contains("mean_delay");
    assertThat(page.run("location.hash").asString()).contains("least=1");
    page.reload().until("document.querySelector('.grid-cell')");
    page.click("input[name=least]").run("document.querySelector('input[name=least]').select()");
    page.type("many").click("button.main").untilShown("This was refused");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aQuestionIsMadeAFile() throws IOException, InterruptedException {
    Page page =
        run.open(
                "#/sql/flights?q=select%20origin%20from%20flights%20where%20delay_minutes%20%3E%20%3Aleast&least=30")
            .untilShown("rows")
            .click("button", "Publish it")
            .until("document.querySelector('pre.file')");
    assertThat(page.text("pre.file"))
        .contains("-- :least bigint = 30", "select origin from flights");
    page.run("document.querySelector('escala-publish-query input').select()");
    page.click("escala-publish-query input");
    page.run("document.querySelector('escala-publish-query input').select()");
    page.type("late_ones").untilShown("queries/late_ones.sql");
    assertThat(page.violations()).isEmpty();
    assertThat(page.troubles()).isEmpty();
  }
}
