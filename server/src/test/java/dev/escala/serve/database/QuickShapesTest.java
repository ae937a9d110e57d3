package dev.escala.serve.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.serve.database.QuickShapes.Lane;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuickShapesTest {
  private long now = 5;
  private final QuickShapes shapes = new QuickShapes(() -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void whatWasQuickOnceIsReadAmongTheQuickOnes() {
    assertThat(shapes.lane("a")).isEqualTo(Lane.TRIED);
    shapes.ended("a", Lane.TRIED, false);
    assertThat(shapes.lane("a")).isEqualTo(Lane.QUICK);
    assertThat(shapes.lane("a")).isEqualTo(Lane.QUICK);
  }

  @Test
  void onlyOneThatNobodyKnowsIsTriedAtATime() {
    assertThat(shapes.lane("a")).isEqualTo(Lane.TRIED);
    assertThat(shapes.lane("b")).isEqualTo(Lane.APART);
    assertThat(shapes.lane("a")).isEqualTo(Lane.APART);
    shapes.ended("a", Lane.TRIED, true);
    assertThat(shapes.lane("b")).isEqualTo(Lane.TRIED);
  }

  @Test
  void whatWasStoppedIsReadApartForAWhileAndThenTriedAgain() {
    assertThat(shapes.lane("a")).isEqualTo(Lane.TRIED);
    shapes.ended("a", Lane.TRIED, true);
    pass(Duration.ofSeconds(59));
    assertThat(shapes.lane("a")).isEqualTo(Lane.APART);
    pass(Duration.ofSeconds(2));
    assertThat(shapes.lane("a")).isEqualTo(Lane.TRIED);
  }

  @Test
  void whatWasQuickAndIsSlowOnceIsReadApart() {
    assertThat(shapes.lane("a")).isEqualTo(Lane.TRIED);
    shapes.ended("a", Lane.TRIED, false);
    shapes.ended("a", Lane.QUICK, true);
    assertThat(shapes.lane("a")).isEqualTo(Lane.APART);
  }

  @Test
  void whatWasNotReadForLongestIsForgotten() {
    shapes.lane("a");
    shapes.ended("a", Lane.TRIED, false);
    for (int i = 0; i < 2_000; i++) {
      shapes.lane("other " + i);
      shapes.ended("other " + i, Lane.TRIED, false);
    }
    assertThat(shapes.lane("a")).isEqualTo(Lane.TRIED);
  }
}
