package dev.escala.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  @Test
  void readsEveryPart() {
    assertThat(
            DatabaseUrl.parse(
                "postgresql://u%40x:p%3Aw%2B+@db.example:6543/flights?sslmode=require"))
        .isEqualTo(
            new DatabaseUrl(
                "db.example", 6543, "flights", "u@x", "p:w++", Map.of("sslmode", "require")));
    assertThat(DatabaseUrl.parse("postgres://u@h/d"))
        .isEqualTo(new DatabaseUrl("h", 5432, "d", "u", "", Map.of()));
  }

  @Test
  void neverShowsThePassword() {
    assertThat(DatabaseUrl.parse("postgresql://u:secret@h/d")).asString().doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:secret@h/d",
        "postgresql://h/d",
        "postgresql://u:secret@h",
        "postgresql://u:secret@h/",
        "postgresql://u:secret@h/d?login=kerberos",
        "postgresql://u:se cret@h/d",
        "secret",
        ""
      })
  void refusesWhatItCannotUse(String url) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret", "se cret");
  }
}
