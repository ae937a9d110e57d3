package dev.escala.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.CommandFailed;
import dev.escala.browser.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is there, SQL, publishing and health. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class OtherPagesTest {
  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
  }

  @Test
  void theFirstViewTellsWhatIsThereAndIsSmall() throws IOException, InterruptedException {
    Page page = run.open("").until("document.querySelector('.list td a')");
    page.until("!document.querySelector('.list').innerText.includes('…')");
    assertThat(page.texts(".list td b")).contains("airports", "flights");
    assertThat(page.text(".list")).contains("3,000", "ago");
    assertThat(
            page.run(
                    "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).filter(each"
                        + " => each.name.includes('/console/') || each.entryType ==="
                        + " 'navigation').reduce((sum, each) => sum + each.transferSize, 0)")
                .asInt())
        .as("octets of the first view, compressed")
        .isBetween(10_000, 200_000);
    assertThat(
            page.run(
                    "performance.getEntriesByType('resource').every(each =>"
                        + " each.name.startsWith(location.origin))")
                .asBoolean())
        .as("nothing comes from elsewhere")
        .isTrue();
    page.click(".list td a", "flights").until("document.querySelector('.grid-cell')");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void sqlIsAskedWithParametersAndDrawn() throws IOException, InterruptedException {
    Page page = run.open("#/sql/flights").until("document.querySelector('escala-sql-editor')");
    page.click("escala-sql-editor");
    page.type(
        "select origin, count(*) as flights from flights where delay_minutes >= :least group by 1"
            + " order by 2 desc, 1 limit 5");
    page.until("document.querySelector('input[name=least]')")
        .click("input[name=least]")
        .type("30")
        .press("Enter");
    page.untilShown("5 rows");
    assertThat(page.texts(".grid-name b")).containsExactly("origin", "flights");
    page.click(".result-bar button", "Chart")
        .until("document.querySelectorAll('.chart-bars li').length === 5");

    page.reload().untilShown("5 rows");
    assertThat(page.run("document.querySelector('input[name=least]').value").asString())
        .isEqualTo("30");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void namesAreCompletedAndHistoryIsKept() throws IOException, InterruptedException {
    Page page = run.open("#/sql/flights").until("document.querySelector('escala-sql-editor')");
    page.click("escala-sql-editor").type("select iata from airp").pressWithControl(" ");
    page.until(
        "document.querySelector('escala-sql-editor').shadowRoot.querySelector('.cm-tooltip-autocomplete')?.innerText.includes('airports')");
    page.press("Escape").type("orts limit 3").pressWithControl("Enter").untilShown("3 rows");
    page.click("button", "History").untilShown("select iata from airports limit 3");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aMistakeAndALimitAreTold() throws IOException, InterruptedException {
    Page page =
        run.open("#/sql/flights?q=select%20nothing%20from%20flights")
            .untilShown("This was refused");
    assertThat(page.text(".notice")).contains("42703");
    run.open("#/sql/flights?q=select%20generate_series(1,20000)%20as%20n").untilShown("cut off");
    run.open("#/sql/flights?q=delete%20from%20flights").untilShown("This was refused");
  }

  @Test
  void somethingSlowIsCancelled() throws IOException, InterruptedException {
    Page page =
        run.open("#/sql/flights?q=select%20pg_sleep(4)").untilShown("The database is at work");
    page.click("button", "Cancel").untilShown("It was cancelled");
  }

  @Test
  void messagesAreLookedAtAndThenPublished() throws IOException, InterruptedException {
    Page page = run.open("#/publish").click("input[name=topic]").type("visits").press("Tab");
    page.click("textarea")
        .type("code,seen,at\nA1,3,2026-01-31T12:00:00Z\nB2,4.5,2026-01-31T13:00:00Z");
    page.untilShown("What it would become");
    assertThat(page.texts(".list tbody td:nth-child(2)"))
        .containsExactly("text", "numeric", "timestamptz");
    page.click("button.main").untilShown("What became of it");
    assertThat(page.text(".sums .stored")).contains("2");
    page.click(".button", "See the rows")
        .until("document.querySelectorAll('.grid-row').length === 2");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void whatIsRejectedIsTold() throws IOException, InterruptedException {
    Page page = run.open("#/publish/odd").click("textarea").type("{\"a\": 1}\n[1, 2]\n{\"a\": 2}");
    page.untilShown("1 line is no JSON object")
        .click("button.main")
        .untilShown("What became of it");
    assertThat(page.text(".sums .rejected")).contains("1");
    assertThat(page.text("table.list")).contains("[1, 2]");
    assertThat(page.troubles()).isEmpty();
  }

  /** A topic that needs no thought, and nothing of what was published before. */
  @Test
  void aFileNamesItsTopicAndTheNextOneBeginsAnew(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("Seattle-Weather 2.tsv"), "day\train\n1\t2.5\n");
    Page page = run.open("#/publish").drop("textarea", file).untilShown("What it would become");
    page.until("document.querySelector('input[name=topic]').value === 'seattle_weather_2'");
    page.click("button.main").untilShown("What became of it");
    assertThat(page.run("document.querySelector('.sums .rejected') === null").asBoolean())
        .as("none was rejected, and nothing of it is red")
        .isTrue();
    page.until("document.querySelector('a.button.main')");
    page.click("nav a", "Publish")
        .until("document.querySelector('input[name=topic]').value === ''");
    page.until("!document.querySelector('.sums')").untilShown("No table of this name is known");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aFileIsDropped(@TempDir Path folder) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("gates.csv"), "gate,open\nA1,true\nB2,false\n");
    Page page = run.open("#/publish/dropped").drop("textarea", file);
    page.untilShown("2 messages").untilShown("boolean");
    page.click("button.main").untilShown("What became of it");
    assertThat(page.text(".sums .stored")).contains("2");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void thePlanOfAQuestionIsShown() throws IOException, InterruptedException {
    Page page = run.open("#/sql/flights?q=select%20*%20from%20flights").untilShown("rows");
    page.click("button", "Plan").until("document.querySelector('pre.code')");
    assertThat(page.text("pre.code")).contains("Seq Scan on flights", "cost=");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void coloursAreChosenAndKept() throws IOException, InterruptedException {
    Page page = run.open("#/").until("document.querySelector('.list td a')");
    String paper = "getComputedStyle(document.body).backgroundColor";
    String light = page.run(paper).asString();
    page.choose("select[aria-label=Colours]", "Dark");
    page.until(paper + " !== " + Page.quoted(light));
    page.reload().until("document.documentElement.dataset.theme === 'dark'");
    assertThat(page.run(paper).asString()).isNotEqualTo(light);
    page.choose("select[aria-label=Colours]", "Automatic");
    page.until(paper + " === " + Page.quoted(light));
    page.prefers("dark").until(paper + " !== " + Page.quoted(light));
  }

  /**
   * The page looks with rules of its own; the table is what the server made of the same messages.
   */
  @Test
  void whatIsInferredIsWhatTheServerInfers() throws IOException, InterruptedException {
    String lines =
        """
        {"b":true,"i":1,"big":123456789012345678901,"n":1.50,"d":"2026-01-31","t":"2026-01-31 12:00:00.5","z":"2026-01-31T12:00:00Z","u":"3f0e9a6c-8a1b-4e2f-9c3d-1a2b3c4d5e6f","x":"LAX","j":{"a":[1]},"mixed":1,"wide":1,"day":"2026-01-31","_id":"mine"}
        {"b":false,"i":null,"big":2,"n":2,"d":"2026-02-01","t":"2026-02-01T00:00:00","z":"2026-01-31 12:00:00+00","u":null,"x":"2026-01-31","j":[],"mixed":"one","wide":1.5,"day":"2026-01-31T10:00:00Z","_id":"yours"}
        """;
    Page page =
        run.open("#/publish/inferred")
            .click("textarea")
            .type(lines)
            .untilShown("What it would become");
    List<String> names = page.texts(".list tbody td b");
    List<String> looked = page.texts(".list tbody td:nth-child(2)");
    page.click("button.main").untilShown("What became of it");
    page.click(".button", "See the rows")
        .until("document.querySelectorAll('.grid-row').length === 2");
    Map<String, String> made = new TreeMap<>();
    page.run(
            "fetch('flights').then(answer => answer.json()).then(found => found.relations.find(each"
                + " => each.name === 'inferred').columns)")
        .forEach(
            column -> made.put(column.path("name").asString(), column.path("type").asString()));
    Map<String, String> wanted = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      wanted.put(names.get(i).strip(), full(looked.get(i)));
    }
    assertThat(wanted).hasSize(14);
    assertThat(made).containsAllEntriesOf(wanted);
  }

  private static String full(String type) {
    return switch (type) {
      case "timestamptz" -> "timestamp with time zone";
      case "timestamp" -> "timestamp without time zone";
      default -> type;
    };
  }
}
