package dev.escala.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.DatabaseUrl.Server;
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
  void severalHostsStandBehindEachOther() {
    DatabaseUrl url =
        DatabaseUrl.parse("postgresql://u:p@a:1,b,c:3/d?target_session_attrs=prefer-standby");
    assertThat(url.servers())
        .containsExactly(new Server("a", 1), new Server("b", 5432), new Server("c", 3));
    assertThat(url.target()).hasValue(TargetServer.PREFER_STANDBY);
    assertThat(url).hasToString("postgresql://u@a:1,b:5432,c:3/d");
    assertThat(url.each()).extracting(DatabaseUrl::host).containsExactly("a", "b", "c");
    assertThat(DatabaseUrl.parse("postgresql://u@[::1]:7/d").servers())
        .containsExactly(new Server("[::1]", 7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"target-server-type", "target_session_attrs", "targetServerType"})
  void theTargetHasTheWordsOfEachLibrary(String word) {
    assertThat(DatabaseUrl.parse("postgresql://u@h/d?" + word + "=primary"))
        .isEqualTo(DatabaseUrl.parse("postgresql://u@h/d?target-server-type=primary"));
    assertThat(DatabaseUrl.parse("postgresql://u@h/d").target()).isEmpty();
    assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://u@h/d?" + word + "=master"))
        .hasMessageContaining("any, primary, standby, prefer-standby");
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
        "postgresql://u:secret@h,/d",
        "postgresql://u:secret@h:1:2/d",
        "postgresql://u:secret@h:/d",
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
