package dev.escala.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageIdsTest {

  @Test
  void mintedOnesAreUuidsOfVersionSevenThatAscend() {
    long before = System.currentTimeMillis();
    IntFunction<String> ids = MessageIds.minted();
    List<String> minted = IntStream.range(0, 1000).mapToObj(ids).toList();

    assertThat(minted).isSorted().doesNotHaveDuplicates();
    assertThat(minted.stream().map(UUID::fromString))
        .allMatch(id -> id.version() == 7 && id.variant() == 2)
        .allMatch(id -> id.getMostSignificantBits() >>> 16 >= before);
  }

  @Test
  void thoseOfDifferentRequestsDiffer() {
    Set<String> ids = new HashSet<>();
    for (int request = 0; request < 1000; request++) {
      ids.add(MessageIds.minted().apply(0));
      ids.add(MessageIds.minted().apply(Integer.MAX_VALUE));
    }
    assertThat(ids).hasSize(2000);
  }

  @Test
  void thoseOfAKeyAreTheSameAgain() {
    assertThat(MessageIds.of("key").apply(7)).isEqualTo(MessageIds.of("key").apply(7));
    assertThat(MessageIds.of("key").apply(7)).isNotEqualTo(MessageIds.of("key").apply(8));
  }
}
