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

/** The vital signs, their last hour, the promises, and the way to what to do. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class HealthPageTest {
  /** What a server would say whose database is slow. */
  private static final String SLOW =
      """
      {
        const open = window.fetch;
        window.fetch = async (address, how) => {
          const answer = await open(address, how);
          if (!String(address).endsWith('/health')) { return answer; }
          const health = await answer.json();
          health.status = 'critical';
          health.checks['database flights'].status = 'critical';
          return new Response(JSON.stringify(health), { status: 503 });
        };
      }
      """;

  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
  }

  @Test
  void theLastHourAndThePromisesAreSeen() throws IOException, InterruptedException {
    Page page = run.open("#/health").until("document.querySelectorAll('.check-card').length > 2");
    assertThat(page.texts(".check-card h2")).contains("database flights");
    page.until("document.querySelector('.looks.hour i.ok')");
    assertThat(page.run("document.querySelectorAll('.looks.hour')[0].children.length").asInt())
        .isEqualTo(60);
    assertThat(page.texts(".list tbody td:first-child"))
        .contains("api-availability", "freshness", "consistency");
    page.untilShown("Connected to the database flights");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void whatIsRedLeadsToItsRunbook() throws IOException, InterruptedException {
    Page page = run.open("#/").until("document.querySelector('.list td a')");
    page.run(SLOW + "location.hash = '#/health'");
    page.until("document.querySelector('.check-card.critical')");
    assertThat(page.text(".check-card h2")).as("the worst first").isEqualTo("database flights");
    page.click(".check-card a", "What to do").until("document.querySelector('.document h2')");
    assertThat(page.text(".document")).contains("EscalaDatabaseDown", "Is it a failover?");
    page.run("location.hash = '#/runbook/database/escaladatabaserestarted'");
    page.until("document.activeElement.id === 'escaladatabaserestarted'");
    page.run("location.hash = '#/runbook/README'");
    page.untilShown("One section for each alert").click(".document a", "topic");
    page.untilShown("EscalaTopicNotReceiving");
    page.run("location.hash = '#/runbook/nothing'");
    page.untilShown("There is no runbook nothing");
    assertThat(page.troubles().stream().filter(each -> !each.contains("404"))).isEmpty();
  }
}
