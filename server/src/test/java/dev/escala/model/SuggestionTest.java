package dev.escala.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
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
  void aNameThatNothingCanBeMeantByIsNotCompared() {
    String longest = "x".repeat(64);
    assertThat(Suggestion.nearest(longest, List.of(longest))).hasValue(longest);
    assertThat(Suggestion.nearest(longest + "x", List.of(longest))).isEmpty();
    assertThat(Suggestion.nearest("flights", List.of("x".repeat(65)))).isEmpty();
  }

  @Test
  void comparesABoundedNumberOfCandidates() {
    List<String> others = new ArrayList<>(Collections.nCopies(299, "airport"));
    others.add("flights");
    others.addAll(Collections.nCopies(1000, "a name of another length is not compared"));
    assertThat(Suggestion.nearest("flighxs", others)).hasValue("flights");
    others.addFirst("airport");
    assertThat(Suggestion.nearest("flighxs", others)).isEmpty();
  }

  @Test
  void doesNotGuessWildly() {
    assertThat(Suggestion.nearest("passengers", NAMES)).isEmpty();
    assertThat(Suggestion.nearest("", List.of())).isEmpty();
  }
}
