package dev.escala.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.CommandFailed;
import dev.escala.browser.Page;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The way of topics, and what was rejected: seen, mended, replayed and discarded. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class TopicPagesTest {
  private static ConsoleRun run;

  @BeforeAll
  static void start() throws CommandFailed, IOException, InterruptedException {
    run = ConsoleRun.get();
  }

  private static Page open(String topic) throws IOException, InterruptedException {
    return run.open("#/topics/" + topic).until("document.querySelector('.way b')");
  }

  @Test
  void theWayOfATopicIsSeen() throws IOException, InterruptedException {
    run.publish("seen", "{\"a\":1}\n{\"a\":2}\n");
    Page page = run.open("#/topics").until("document.querySelector('.list td a')");
    page.until("document.body.innerText.includes('seen')");
    page.click(".list td a", "seen").until("document.querySelectorAll('.way b').length === 3");
    assertThat(page.texts(".way b")).containsExactly("2", "2", "2");
    assertThat(page.run("document.querySelectorAll('.minutes rect').length").asInt()).isPositive();
    page.untilShown("No message was rejected");
    page.click(".page-head a", "See the rows").until("document.querySelector('.grid-cell')");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aRejectedMessageIsSeenAtItsSpotAndCorrected() throws IOException, InterruptedException {
    run.reject("mended", "{\"a\": 1, \"wörd\": }");
    Page page = open("mended").until("document.querySelector('.list tbody button')");
    page.click(".list tbody button").until("document.querySelector('mark')");
    assertThat(page.text("mark")).isEqualTo("}");
    assertThat(page.text(".panel")).contains("json.malformed");
    assertThat(page.run("location.hash").asString()).contains("letter=");

    page.reload().until("document.querySelector('mark')");
    page.click(".panel button", "Correct it").until("document.querySelector('.panel textarea')");
    page.run("document.querySelector('.panel textarea').select()");
    page.click(".panel textarea");
    page.run("document.querySelector('.panel textarea').select()");
    page.type("{\"a\": 1, \"wörd\": \"x\"}").click(".panel button", "Only try");
    page.untilShown("It would give");
    page.click(".panel button", "Store it").untilShown("No message was rejected");
    page.click(".page-head a", "See the rows").until("document.querySelector('.grid-cell')");
    assertThat(page.texts(".grid-name b")).contains("a", "wörd");
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  void aColumnIsTheSpotWhereOneIsNamed() throws IOException, InterruptedException {
    run.reject("holes", "{\"n\": \"t\", \"t\": \"a\\u0000b\"}");
    Page page = open("holes").until("document.querySelector('.list tbody button')");
    page.click(".list tbody button").until("document.querySelector('mark')");
    assertThat(page.text("mark")).isEqualTo("\"t\": \"a\\u0000b\"");
    assertThat(page.texts(".list tbody td b")).contains("t");
  }

  @Test
  void allThatFitAreTriedReplayedAndDiscardedWithProgress()
      throws IOException, InterruptedException {
    run.publish("gates", "{\"gate\": \"A1\", \"n\": -1}");
    run.execute("ALTER TABLE gates ALTER gate SET NOT NULL");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 450; i++) {
      lines.append("{\"n\": ").append(i).append("}\n");
    }
    run.reject("gates", lines + "nonsense\n");
    Page page = open("gates").until("document.querySelector('.list tbody button')");
    page.until("document.querySelectorAll('.bar button .mono').length === 2");
    page.click("button", "row.constraint");
    page.until("location.hash.includes('reason=row.constraint')");
    page.click("button", "Try these").untilShown("450 rejected again");

    run.execute("ALTER TABLE gates ALTER gate DROP NOT NULL");
    page.run(
        "window.steps = []; new MutationObserver(() => {"
            + " const bar = document.querySelector('progress');"
            + " if (bar) { window.steps.push(bar.value); } })"
            + ".observe(document.body, {subtree: true, childList: true, attributes: true});");
    page.click("button", "Replay these").untilShown("450 stored, 0 duplicates, 0 rejected again");
    assertThat(page.run("window.steps.some(step => step > 0 && step < 450)").asBoolean())
        .as("progress was seen")
        .isTrue();

    page.untilShown("None fits").click("button[aria-pressed=true]", "row.constraint");
    page.until("!location.hash.includes('reason')");
    assertThat(page.troubles()).isEmpty();
    Page rest = open("gates").until("document.querySelector('.list tbody button')");
    rest.click("button", "Discard these").untilShown("would be discarded");
    rest.click(".notice button", "Discard these").untilShown("1 discarded");
    rest.choose("select[name=status]", "discarded");
    rest.until("document.querySelectorAll('.list tbody tr').length === 1");
    assertThat(rest.texts(".list .tag")).isEqualTo(List.of("discarded"));
    assertThat(rest.troubles()).isEmpty();
  }

  @Test
  void hostileBodiesAreText() throws IOException, InterruptedException {
    run.reject("hostile_bodies", "<img src=x onerror=window.hit=1>\u202e{\"a\":");
    Page page = open("hostile_bodies").until("document.querySelector('.list tbody button')");
    page.click(".list tbody button").until("document.querySelector('.panel pre')");
    assertThat(page.text(".panel pre")).contains("<img src=x onerror=window.hit=1>");
    assertThat(page.run("window.hit === undefined").asBoolean()).isTrue();
    assertThat(page.troubles()).isEmpty();
  }
}
