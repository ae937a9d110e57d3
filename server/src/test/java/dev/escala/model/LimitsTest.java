package dev.escala.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
  @Test
  void ofTwoLimitsTheLesserHolds() {
    Limits ofKey = new Limits(1_000, 50, Long.MAX_VALUE);

    assertThat(ofKey.within(new Limits(20, 100, 4_096))).isEqualTo(new Limits(20, 50, 4_096));
    assertThat(ofKey.within(Limits.NONE)).isEqualTo(ofKey);
  }

  @Test
  void aCallerKeepsAllElse() {
    Caller caller = new Caller(Caller.Kind.KNOWN, "reader", "{}", Rights.READING);
    Caller within = caller.within(new Limits(1, 2, 3));

    assertThat(within.rights().limits()).isEqualTo(new Limits(1, 2, 3));
    assertThat(within.within(Limits.NONE)).isEqualTo(within);
    assertThat(within.rights().may()).isEqualTo(caller.rights().may());
    assertThat(within.role()).isEqualTo("reader");
  }
}
