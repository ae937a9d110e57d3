package dev.escala.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ShareTest {
  private static final Client ONE = Client.at(InetAddress.ofLiteral("192.0.2.1"));
  private static final Client OTHER = Client.at(InetAddress.ofLiteral("192.0.2.2"));
  private static final Client THIRD = Client.at(InetAddress.ofLiteral("192.0.2.3"));

  private final Share share = new Share(10, 5);

  @Test
  void eachHasItsShareAndAllHaveTheSum() {
    assertThat(share.take(ONE, 3)).isTrue();
    assertThat(share.take(ONE, 3)).isFalse();
    assertThat(share.take(ONE, 2)).isTrue();
    assertThat(share.take(OTHER, 5)).isTrue();
    assertThat(share.take(THIRD, 1)).isFalse();
    share.give(ONE, 3);
    assertThat(share.take(THIRD, 1)).isTrue();
  }

  @Test
  void whatIsTooLargeGoesAlone() {
    assertThat(share.take(ONE, 100)).isTrue();
    assertThat(share.take(OTHER, 1)).isFalse();
    share.give(ONE, 100);
    assertThat(share.take(OTHER, 1)).isTrue();
    assertThat(share.take(ONE, 100)).isFalse();
  }

  @Test
  void whoMayHaveAllStillLeavesTheSum() {
    assertThat(share.takeOfAll(ONE, 5)).isTrue();
    assertThat(share.takeOfAll(ONE, 5)).isTrue();
    assertThat(share.takeOfAll(ONE, 1)).isFalse();
  }

  @Test
  void whatIsHeldInAnyCaseIsToldWhenItIsTooMuch() {
    share.hold(ONE, 6);
    assertThat(share.isExceededBy(ONE)).isTrue();
    assertThat(share.isExceededBy(OTHER)).isFalse();
    assertThat(share.isExceeded()).isFalse();
    share.hold(OTHER, 5);
    assertThat(share.isExceeded()).isTrue();
    share.give(ONE, 6);
    assertThat(share.isExceeded()).isFalse();
  }

  @Test
  void whatGrowsMayGoAloneAsWell() {
    assertThat(share.grow(ONE, 0, 4)).isTrue();
    assertThat(share.grow(ONE, 4, 20)).as("all that there is").isTrue();
    assertThat(share.grow(OTHER, 0, 1)).isFalse();
    share.give(ONE, 24);
    assertThat(share.take(OTHER, 1)).isTrue();
    assertThat(share.grow(OTHER, 0, 4)).isTrue();
    assertThat(share.grow(OTHER, 4, 1)).as("beside another of the same client").isFalse();
  }
}
