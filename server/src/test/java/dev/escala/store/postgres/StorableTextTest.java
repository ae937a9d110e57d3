package dev.escala.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorableTextTest {
  @Test
  void textsForPeopleAreReplacedWhereTheyCannotBeStored() {
    assertThat(StorableText.of("a\0b\ud800c\ud83d\udeec")).isEqualTo("a\ufffdb\ufffdc\ud83d\udeec");
    assertThat(StorableText.of("plain")).isEqualTo("plain");
  }

  @Test
  void keysStayDifferentAndAsTheyAreWhereThatIsPossible() {
    String imitation = StorableText.distinct("a\0");
    List<String> texts =
        List.of(
            "plain",
            "a\0",
            "a\ud800",
            "a\ufffd",
            "x".repeat(500),
            "x".repeat(501),
            "x".repeat(502),
            "x".repeat(499) + "\ud83d\udeec1",
            "x".repeat(499) + "\ud83d\udeec2",
            imitation,
            StorableText.distinct("x".repeat(501)));
    List<String> keys = texts.stream().map(StorableText::distinct).toList();
    assertThat(keys).doesNotHaveDuplicates().contains("plain", "x".repeat(500));
    assertThat(keys)
        .allSatisfy(
            key -> {
              assertThat(key).hasSizeLessThan(600).doesNotContain("\0");
              assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(key)).isTrue();
            });
  }
}
