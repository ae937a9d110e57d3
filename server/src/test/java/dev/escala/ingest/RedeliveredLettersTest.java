package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.store.DeadLetter;
import dev.escala.store.DeadLetters.Filter;
import dev.escala.testing.Messages;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of dead letters whose messages come again, and how letters are found. */
@Tag("integration")
class RedeliveredLettersTest extends LettersRun {
  @Test
  void aTableThatWasPutRightTakesMessagesWithoutARestart() {
    Pipeline pipeline = refused(1);
    write(pipeline, Messages.of("good", "{\"id\":\"good\",\"tail\":\"N1\"}"));
    Message again = Messages.of("m0", "{\"id\":\"f00000\"}");
    assertThat(write(pipeline, again)).allMatch(Outcome.Rejected.class::isInstance);
    mend();
    assertThat(write(pipeline, again)).containsExactly(Outcome.STORED);
  }

  @Test
  void aRedeliveryThatIsStoredResolvesItsLetter() {
    Pipeline pipeline = refused(1);
    Pipeline elsewhere = pipeline(postgres, "key: $.id");
    write(elsewhere, Messages.of("other", "{\"id\":\"o\",\"tail\":\"N1\"}"));
    mend();
    Message again = Messages.of("m0", "{\"id\":\"f00000\"}");
    assertThat(write(elsewhere, again)).containsExactly(Outcome.STORED);
    assertThat(letters("status, resolved_at IS NOT NULL")).containsExactly("resolved|t");
    database.execute("TRUNCATE flights; ALTER TABLE flights ALTER tail SET NOT NULL");
    assertThat(write(pipeline, again)).allMatch(Outcome.Rejected.class::isInstance);
    assertThat(letters("status, attempts")).as("it is open once more").containsExactly("new|2");
  }

  /** One whose batch has to be taken apart, and one that another instance did not know of. */
  @Test
  void aRedeliveryAmongOthersResolvesItsLetter() {
    Pipeline elsewhere = pipeline(postgres, "key: $.id");
    database.execute("CREATE TABLE flights (id text, tail text NOT NULL)");
    write(elsewhere, Messages.of("first", "{\"id\":\"o\",\"tail\":\"N1\"}"));
    write(elsewhere, Messages.of("second", "{\"id\":\"p\",\"tail\":\"N1\"}"));
    Pipeline pipeline = pipeline("key: $.id");
    Message[] bad = {
      Messages.of("a", "{\"id\":\"a\"}"),
      Messages.of("b", "{\"id\":\"b\"}"),
      minted(0, "{\"id\":\"c\"}")
    };
    write(pipeline, bad);
    mend();
    assertThat(write(elsewhere, bad[0])).containsExactly(Outcome.STORED);
    assertThat(letters("status")).containsExactly("resolved", "new", "new");
    write(pipeline, Messages.of("bad", "no json"), bad[1], minted(0, "{\"id\":\"c\"}"));
    assertThat(letters("status")).containsExactly("resolved", "resolved", "resolved", "new");
  }

  @Test
  void filtersTakeAnyTextForWhatItIs() {
    refused(3);
    for (String hostile :
        List.of("' OR true --", "flights\0", "\ud800", "%", "x".repeat(100_000), "")) {
      Filter topic = new Filter(null, hostile, null, null, null, null, null);
      Filter reason = new Filter(null, null, hostile, null, null, null, null);
      assertThat(letters.list(topic, 0, 10)).isEmpty();
      assertThat(letters.discard(reason, Long.MAX_VALUE)).isZero();
    }
    Instant now = Instant.now();
    Filter later = new Filter(null, null, null, null, now.plusSeconds(60), null, null);
    Filter before = new Filter(null, null, null, null, null, now.minusSeconds(60), null);
    assertThat(letters.list(later, 0, 10)).isEmpty();
    assertThat(letters.list(before, 0, 10)).isEmpty();
    Filter all =
        new Filter(null, "flights", "field.missing", null, now.minusSeconds(60), null, null);
    assertThat(letters.list(all, 0, 10)).hasSize(3);
    long first = letters.list(all, 0, 1).getFirst().id();
    assertThat(letters.list(all, first, 10)).extracting(DeadLetter::id).allMatch(id -> id > first);
    assertThat(letters.find(first).orElseThrow().message().payload().text())
        .isEqualTo("{\"id\":\"f00000\"}");
    assertThat(letters.find(-1)).isEmpty();
  }
}
