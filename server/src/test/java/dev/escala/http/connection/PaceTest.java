package dev.escala.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Client ONE = Client.at(InetAddress.ofLiteral("192.0.2.1"));
  private static final Client OTHER = Client.at(InetAddress.ofLiteral("192.0.2.2"));
  private static final Duration WITHIN = Duration.ofMillis(100);

  private long nanos;
  private final Pace pace = new Pace(new Pace.Bounds(16, 1000, WITHIN), () -> nanos);

  private void begin(Client client, int many) {
    for (int i = 0; i < many; i++) {
      pace.begin(client, 1);
    }
  }

  private void end(Client client, int many) {
    for (int i = 0; i < many; i++) {
      pace.end(client, 1);
    }
  }

  private void pass() {
    nanos += WITHIN.toNanos();
  }

  /** Something is always under way, and so many end in the time. */
  private void work(int ended) {
    begin(ONE, 1);
    pass();
    begin(ONE, ended);
    end(ONE, ended);
    pass();
  }

  @Test
  void whileNothingIsKnownABurstIsTaken() {
    begin(ONE, 700);
    assertThat(pace.hasRoom(ONE, 1)).isTrue();
    assertThat(pace.hasRoom(ONE, 51)).as("more than three quarters").isFalse();
    assertThat(pace.hasRoom(OTHER, 300)).isTrue();
    assertThat(pace.hasRoom(OTHER, 301)).as("more than all").isFalse();
  }

  @Test
  void asMuchMayBeUnderWayAsEndedInTheTime() {
    work(100);
    assertThat(pace.hasRoom(ONE, 74)).isTrue();
    assertThat(pace.hasRoom(ONE, 75)).isFalse();
    begin(ONE, 74);
    assertThat(pace.hasRoom(OTHER, 25)).isTrue();
    assertThat(pace.hasRoom(OTHER, 26)).isFalse();
  }

  @Test
  void itFollowsWhatEnds() {
    work(100);
    assertThat(pace.hasRoom(OTHER, 75)).isTrue();
    pass();
    assertThat(pace.hasRoom(OTHER, 12)).as("nothing ended: the least").isTrue();
    assertThat(pace.hasRoom(OTHER, 13)).isFalse();
    begin(ONE, 40);
    end(ONE, 40);
    nanos += 2 * WITHIN.toNanos();
    assertThat(pace.hasRoom(OTHER, 15)).as("20 in the time").isTrue();
    assertThat(pace.hasRoom(OTHER, 16)).isFalse();
  }

  @Test
  void whoHasLittleIsNotRefusedForWhatOthersHave() {
    begin(ONE, 900);
    pass();
    assertThat(pace.hasRoom(OTHER, 100)).as("nothing is known yet").isTrue();
    pass();
    assertThat(pace.hasRoom(ONE, 1)).isFalse();
    assertThat(pace.hasRoom(OTHER, 1)).isTrue();
    assertThat(pace.hasRoom(OTHER, 2)).isFalse();
    begin(ONE, 100);
    assertThat(pace.hasRoom(OTHER, 1)).as("all that there is").isFalse();
  }

  @Test
  void whoPausesDoesNotShowHowMuchItCan() {
    begin(ONE, 1);
    pass();
    end(ONE, 1);
    begin(ONE, 1);
    pass();
    assertThat(pace.hasRoom(OTHER, 500)).isTrue();
  }

  @Test
  void whatIsLargerThanAllGoesAlone() {
    assertThat(pace.hasRoom(ONE, 5000)).isTrue();
    pace.begin(ONE, 5000);
    pass();
    assertThat(pace.hasRoom(ONE, 1)).isFalse();
    pace.end(ONE, 5000);
    assertThat(pace.hasRoom(ONE, 5000)).isTrue();
  }
}
