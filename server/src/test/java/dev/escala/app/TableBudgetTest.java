package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TableBudgetTest {
  private long now;
  private final TableBudget budget = new TableBudget(2, () -> now);

  @Test
  void oneClientHasAFewAMinute() {
    assertThat(budget.take("a", "one")).isTrue();
    assertThat(budget.take("a", "two")).isTrue();
    assertThat(budget.take("a", "three")).isFalse();
    assertThat(budget.take("b", "three")).isTrue();
    budget.giveBack("a", "two");
    assertThat(budget.take("a", "three")).isTrue();
    assertThat(budget.take("a", "four")).isFalse();
    now += Duration.ofMinutes(1).toNanos();
    assertThat(budget.take("a", "four")).isTrue();
  }

  @Test
  void aTopicTakesOneHoweverManyAskForItAtOnce() {
    for (int i = 0; i < 10; i++) {
      assertThat(budget.take("a", "one")).isTrue();
    }
    assertThat(budget.take("a", "two")).isTrue();
    assertThat(budget.take("a", "three")).isFalse();
  }

  @Test
  void whatIsGivenBackTwiceCountsOnce() {
    assertThat(budget.take("a", "one")).isTrue();
    budget.giveBack("a", "one");
    budget.giveBack("a", "one");
    budget.giveBack("b", "one");
    assertThat(budget.take("a", "one")).isTrue();
    assertThat(budget.take("a", "two")).isTrue();
    assertThat(budget.take("a", "three")).isFalse();
  }

  @Test
  void allTogetherHaveTenTimesAsMany() {
    for (int i = 0; i < 20; i++) {
      assertThat(budget.take("client " + i, "topic")).isTrue();
    }
    assertThat(budget.take("another", "topic")).isFalse();
  }
}
