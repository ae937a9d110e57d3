package dev.escala.serve.rows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowSizesTest {
  private static final String RELATION = "public.flights";

  private final RowSizes sizes = new RowSizes();

  @Test
  void ofARelationThatWasNeverReadFewRowsAreTaken() {
    assertThat(sizes.batch(RELATION)).isEqualTo(1);
    assertThat(sizes.mayHold(RELATION, 4)).isTrue();
    assertThat(sizes.mayHold(RELATION, 5)).isFalse();
  }

  @Test
  void ofSmallRowsManyAndOfLargeOnesFew() {
    sizes.seen(RELATION, 300);
    assertThat(sizes.batch(RELATION)).isEqualTo(500);
    assertThat(sizes.mayHold(RELATION, 1_000)).isTrue();

    sizes.seen(RELATION, 256 << 10);
    assertThat(sizes.batch(RELATION)).isEqualTo(2);
    assertThat(sizes.mayHold(RELATION, 1_000)).isFalse();
  }

  @Test
  void aLargeRowIsForgottenWhenNoneFollows() {
    sizes.seen(RELATION, 16 << 20);
    for (int batch = 0; batch < 50; batch++) {
      sizes.seen(RELATION, 300);
    }
    assertThat(sizes.batch(RELATION)).isEqualTo(500);
  }
}
