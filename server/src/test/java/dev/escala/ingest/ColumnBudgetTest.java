package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.ColumnChange;
import dev.escala.decode.ColumnType;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ColumnBudgetTest {
  private long now;
  private final ColumnBudget budget = new ColumnBudget(() -> now);

  private static List<ColumnChange> columns(int from, int to) {
    return IntStream.range(from, to)
        .<ColumnChange>mapToObj(i -> new ColumnChange.Add("c" + i, ColumnType.TEXT))
        .toList();
  }

  @Test
  void grantsSoManyAnHourAllOrNone() {
    assertThat(budget.grants(columns(0, ColumnBudget.AN_HOUR - 1))).isTrue();
    assertThat(budget.grants(columns(1000, 1002))).isFalse();
    assertThat(budget.grants(columns(1000, 1001))).isTrue();
    assertThat(budget.grants(columns(1001, 1002))).isFalse();
    assertThat(budget.grants(columns(0, 100))).as("granted before").isTrue();
    assertThat(budget.grants(List.of(new ColumnChange.Widen("c", ColumnType.TEXT))))
        .as("a table is not written anew without end")
        .isFalse();
    now += Duration.ofHours(1).toNanos();
    assertThat(budget.grants(columns(1001, 1100))).isTrue();
  }
}
