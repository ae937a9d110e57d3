package dev.escala.source.kafka;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Outcome REJECTED =
      new Outcome.Rejected(Rejection.of(ReasonCode.FIELD_TYPE, "not a number"));
  private static final Outcome RETURNED = new Outcome.Returned(ReturnReason.SHUTDOWN);
  private final Progress progress = new Progress();

  private List<Long> take(long from, long to) {
    List<Long> taken = new ArrayList<>();
    for (long offset = from; offset < to; offset++) {
      if (progress.take(offset) > 0) {
        taken.add(offset);
      }
    }
    progress.begin();
    return taken;
  }

  private void end(List<Long> offsets, Outcome outcome) {
    progress.end(offsets, Collections.nCopies(offsets.size(), outcome));
  }

  @Test
  void nothingIsKnownBeforeTheFirstOffset() {
    assertThat(progress.settledUpTo()).isEmpty();
    progress.start(7);
    progress.start(9);
    assertThat(progress.settledUpTo()).hasValue(7);
  }

  @Test
  void onlyWhatIsSettledWithoutAGapIsCommitted() {
    List<Long> first = take(10, 20);
    List<Long> second = take(20, 30);
    List<Long> third = take(30, 40);

    end(third, Outcome.STORED);
    assertThat(progress.settledUpTo()).hasValue(10);
    end(first, REJECTED);
    assertThat(progress.settledUpTo()).hasValue(20);
    end(second, Outcome.DUPLICATE);
    assertThat(progress.settledUpTo()).hasValue(40);
  }

  @Test
  void offsetsWithoutARecordCountAsSettled() {
    progress.start(0);
    assertThat(progress.take(5)).isEqualTo(1);
    progress.begin();
    end(List.of(5L), Outcome.STORED);
    assertThat(progress.settledUpTo()).hasValue(6);
    progress.passOver(9);
    assertThat(progress.settledUpTo()).hasValue(9);
  }

  @Test
  void whatComesBackIsTakenAgainAndNothingElse() {
    List<Long> taken = take(0, 6);
    progress.end(
        taken,
        List.of(Outcome.STORED, RETURNED, Outcome.STORED, REJECTED, RETURNED, Outcome.STORED));

    assertThat(progress.settledUpTo()).hasValue(1);
    assertThat(progress.goesBack()).isTrue();
    assertThat(progress.wayBack()).hasValue(1);
    assertThat(progress.goesBack()).isFalse();
    assertThat(LongStream.range(1, 7).map(progress::take)).containsExactly(2L, 0L, 0L, 2L, 0L, 1L);
    progress.begin();
    end(List.of(1L, 4L, 6L), Outcome.STORED);
    assertThat(progress.settledUpTo()).hasValue(7);
  }

  @Test
  void nothingIsTakenAgainWhileSomethingIsUnderWay() {
    List<Long> first = take(0, 3);
    List<Long> second = take(3, 6);
    end(first, RETURNED);
    assertThat(progress.wayBack()).isEmpty();
    end(second, Outcome.STORED);
    assertThat(progress.wayBack()).hasValue(0);
    assertThat(take(0, 7)).containsExactly(0L, 1L, 2L, 6L);
  }

  @Test
  void whatCouldNotBeStoredIsLeftAloneForAWhile() {
    List<Long> taken = take(0, 3);
    for (int times = 1; times <= 3; times++) {
      end(taken, new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE));
      assertThat(progress.wayBack()).isEmpty();
      eventually("it may be taken again", () -> progress.wayBack().isPresent());
      assertThat(progress.take(0)).isEqualTo(times + 1);
      taken = take(1, 3);
      taken.addFirst(0L);
    }
  }

  @Test
  void whatIsGivenBackIsTakenAgainFromItsFirst() {
    List<Long> first = take(0, 3);
    take(3, 6);
    progress.giveBack(3);
    progress.untake(7);
    end(first, Outcome.STORED);

    assertThat(progress.settledUpTo()).hasValue(3);
    assertThat(progress.wayBack()).hasValue(3);
  }

  @Test
  void waitsForWhatIsUnderWay() throws InterruptedException {
    assertThat(progress.awaitNothingUnderWay(Duration.ZERO)).isTrue();
    List<Long> taken = take(0, 3);
    assertThat(progress.awaitNothingUnderWay(Duration.ofMillis(1))).isFalse();
    Thread settling = Thread.ofVirtual().start(() -> end(taken, Outcome.STORED));
    assertThat(progress.awaitNothingUnderWay(Duration.ofMinutes(1))).isTrue();
    settling.join();
  }

  /** Whatever comes back, and in whatever order deliveries end: all is handed out until settled. */
  @Property(tries = 300)
  void everyRecordIsSettledOnceAndNoneIsPassedOver(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 9) Integer> dice) {
    Progress random = new Progress();
    random.start(0);
    int records = 50;
    Set<Long> settled = new HashSet<>();
    List<List<Long>> underWay = new ArrayList<>();
    long position = 0;
    for (int turn = 0; settled.size() < records; turn++) {
      int die = turn < 500 ? dice.get(turn % dice.size()) : 5; // which brings nothing back
      position = random.wayBack().orElse(position);
      List<Long> taken = new ArrayList<>();
      for (int i = 0; i <= die && position < records && !random.goesBack(); i++, position++) {
        if (random.take(position) > 0) {
          taken.add(position);
        }
      }
      if (!taken.isEmpty()) {
        random.begin();
        underWay.add(taken);
      }
      if (!underWay.isEmpty() && (die % 2 == 1 || random.goesBack() || position == records)) {
        List<Long> ended = underWay.remove(die % underWay.size());
        List<Outcome> outcomes =
            ended.stream()
                .map(offset -> turnsBack(die, offset) ? RETURNED : Outcome.STORED)
                .toList();
        for (int i = 0; i < ended.size(); i++) {
          if (outcomes.get(i).equals(Outcome.STORED)) {
            assertThat(settled.add(ended.get(i))).as("%s once", ended.get(i)).isTrue();
          }
        }
        random.end(ended, outcomes);
      }
      long without =
          LongStream.range(0, records + 1).filter(o -> !settled.contains(o)).min().orElseThrow();
      assertThat(random.settledUpTo()).hasValue(without);
    }
  }

  private static boolean turnsBack(int die, long offset) {
    return die != 5 && offset % 7 == die % 7;
  }
}
