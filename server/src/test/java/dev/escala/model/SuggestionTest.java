package dev.escala.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  private static final List<String> NAMES = List.of("flights", "airports", "q");

  @Test
  void findsTheSlipOfTheKeyboard() {
    assertThat(Suggestion.nearest("fligts", NAMES)).hasValue("flights");
    assertThat(Suggestion.nearest("Airport", NAMES)).hasValue("airports");
  }

  @Test
  void doesNotGuessWildly() {
    assertThat(Suggestion.nearest("passengers", NAMES)).isEmpty();
    assertThat(Suggestion.nearest("", List.of())).isEmpty();
  }
}
