package dev.escala.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolePathTest {
  private static final String CLAIMS =
      """
      {"role": "plain", "none": null, "number": 7,
       "realm": {"roles": ["offline", "app_reader", "app_writer"]},
       "https://example.com/role": "spaced"}\
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "$.role | plain",
        "$['role'] | plain",
        "$[\"https://example.com/role\"] | spaced",
        "$.realm.roles[0] | offline",
        "$.realm.roles[-1] | app_writer",
        "$.realm.roles[*] | offline",
        "$.realm['roles'][?search(@, '^app_')] | app_reader",
        "$.realm.roles[?@ == 'app_writer'] | app_writer",
        "$.realm.roles[?@ != 'offline'] | app_reader",
        "$.number | 7"
      })
  void findsTheFirst(String path, String role) throws Exception {
    assertThat(Claims.parse(CLAIMS).role(RolePath.parse(path))).contains(role);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$.none",
        "$.missing",
        "$.role.deeper",
        "$.realm.roles[9]",
        "$.role[0]",
        "$.realm.roles[-9]"
      })
  void findsNothingWhereNothingIs(String path) throws Exception {
    assertThat(Claims.parse(CLAIMS).role(RolePath.parse(path))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "role", "$", "$.", "$.a b", "$..role", "$.a[", "$.a[?search(@, '(')]", "$.a]"})
  void refusesWhatItDoesNotKnow(String path) {
    assertThatThrownBy(() -> RolePath.parse(path)).isInstanceOf(IllegalArgumentException.class);
  }
}
