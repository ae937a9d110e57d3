package dev.escala.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.source.Permits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a poll may hold beyond what it was expected to bring. */
class PollRoomTest {
  private final Permits permits = new Permits(10_000, 2000);

  private PollRoom room(long bytesEach) throws InterruptedException {
    return PollRoom.reserve(permits, bytesEach, Duration.ZERO).orElseThrow();
  }

  @Test
  void moreIsTakenOfThePermitsWhileThereAreSome() throws InterruptedException {
    PollRoom room = room(100);
    assertThat(room.messages()).isEqualTo(10);
    assertThat(room.tryHold(900)).isTrue();
    assertThat(room.tryHold(900)).isTrue();
    assertThat(room.tryHold(900)).isFalse();
    assertThat(room.tryHold(200)).isTrue();
    assertThat(room.largest()).isEqualTo(900);

    room.exchange(3, 2000);
    assertThat(permits.hasRoom(1, 1)).isFalse();
    permits.release(3, 2000);
    assertThat(permits.hasRoom(1, 2000)).isTrue();
    assertThat(permits.messagesHeld()).isZero();
  }

  @Test
  void oneIsHeldHoweverLarge() throws InterruptedException {
    permits.tryAcquire(1, 1900);
    PollRoom room = room(100);
    assertThat(room.tryHold(5000)).isTrue();
    assertThat(room.tryHold(1)).isFalse();
  }

  @Test
  void whatWasInTheQueueIsHeldAnyway() throws InterruptedException {
    PollRoom room = room(100);
    room.hold(3000);
    assertThat(room.tryHold(1)).isFalse();
    assertThat(room.largest()).isEqualTo(3000);
  }
}
