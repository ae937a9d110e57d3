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
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each page in light and dark, on a desktop and a phone, in both languages: axe finds nothing, and
 * nothing sticks out to the side. The pictures are kept in {@code target/console}.
 */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class AppearanceTest {
  private static ConsoleRun run;
  private static long letter;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
    run.reject("odd_messages", "{\"flight\": \"AV9314\", \"delay_minutes\": }\n[1, 2]\n");
    letter = run.firstLetter("odd_messages");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          catalog | #/                                                                     | .list time
          rows    | #/data/flights/flights?order=delay_minutes.desc&delay_minutes=gte.60   | .grid-cell
          chart   | #/data/flights/flights?~panel=chart&~chart=scheduled_at~avg~delay_minutes | .plot canvas
          bars    | #/data/flights/flights?~panel=chart&~chart=origin~count                | .chart-bars li
          map     | #/data/flights/airports?~panel=chart&~chart=~map                       | .map .dots
          queries | #/queries                                                              | .cards li
          query   | #/queries/flights/late_routes?least=1&~run=1                           | .grid-cell
          values  | #/data/flights/flights?~panel=profile~delay_minutes                    | .histogram i
          request | #/data/flights/flights?origin=eq.LAX&~panel=code                       | pre.code
          columns | #/data/flights/flights?~panel=columns                                  | .columns li
          nothing | #/data/flights/flights?origin=eq.NOWHERE                               | .notice
          refused | #/data/flights/flights?delay_minutes=eq.late                           | .notice.bad
          sql     | #/sql/flights?q=select%20origin%2C%20count(*)%20from%20flights%20where%20delay_minutes%20%3E%20%3Aleast%20group%20by%201%20order%20by%202%20desc&least=30 | .grid-cell
          publish | #/publish/departures                                                   | textarea
          topics  | #/topics                                                               | .list .minutes
          letters | #/topics/odd_messages?letter=ID                                        | mark
          runbook | #/runbook/topic/escaladeadletterswaiting                               | .document h2
          health  | #/health                                                               | .check-card
          """)
  void isReadByEverybody(String name, String fragment, String shown)
      throws IOException, InterruptedException {
    Page page =
        run.newPage()
            .size(1280, 800)
            .prefers("light")
            .open(run.address(fragment.replace("=ID", "=" + letter)));
    look(page, name, shown, "light");
    page.prefers("dark");
    look(page, name, shown, "dark");
    page.size(390, 844);
    look(page, name, shown, "phone-dark");
    ConsoleRun.speak(page.prefers("light"), "es");
    look(page, name, shown, "phone");
    assertThat(page.run("document.documentElement.lang").asString()).isEqualTo("es");
    assertThat(page.troubles()).isEmpty();
  }

  private static void look(Page page, String name, String shown, String how)
      throws IOException, InterruptedException {
    page.until("document.querySelector('%s')".formatted(shown));
    ConsoleRun.picture(page, name + "-" + how);
    assertThat(page.violations()).as(name + " " + how).isEmpty();
    assertThat(page.run("document.documentElement.scrollWidth - innerWidth").asInt())
        .as("pixels that stick out of %s %s", name, how)
        .isLessThanOrEqualTo(0);
  }
}
