package dev.escala.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TailPositionTest {
  private static Snapshot snapshot(String text) {
    return Snapshot.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5:5:", "5:9:5,7", "5:5:;5:9:6;12;0", "1:2:;1:2:;0;99"})
  void whatIsReadIsWrittenAgain(String text) {
    assertThat(TailPosition.parse(text)).hasToString("Optional[" + text + "]");
  }

  @Test
  void aSnapshotShowsWhatHasEnded() {
    Snapshot snapshot = snapshot("5:9:5,7");
    assertThat(List.of(1L, 4L, 6L, 8L)).allMatch(snapshot::shows);
    assertThat(List.of(5L, 7L, 9L, 10L)).noneMatch(snapshot::shows);
  }

  @ParameterizedTest
  @CsvSource({
    "5:9:5, 5:9:5, true",
    "5:9:5, 5:9:5;7, true",
    "9:9:, 5:9:5, true",
    "5:9:5, 9:9:, false",
    "5:12:5, 5:9:5, true",
    "5:12:5, 6:7:, false",
    "8:9:, 5:12:5, false",
  })
  void theLaterShowsAllOfTheEarlier(String later, String earlier, boolean showsAll) {
    Snapshot before = snapshot(earlier.replace(';', ','));
    assertThat(snapshot(later).showsAllOf(before)).isEqualTo(showsAll);
  }
}
