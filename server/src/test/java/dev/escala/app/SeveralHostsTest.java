package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration may say of several hosts, and where its reads go then. */
class SeveralHostsTest {
  private static Configuration.Database database(String url, String readUrl)
      throws ConfigurationException {
    String read = readUrl.isEmpty() ? "" : ", read-url: 'postgresql://r:r@%s'".formatted(readUrl);
    String yaml = "databases: {db: {url: 'postgresql://u:p@%s'%s}}".formatted(url, read);
    return Objects.requireNonNull(
        Configuration.read("test", yaml, name -> null).databases().get("db"));
  }

  @ParameterizedTest
  @CsvSource({
    "'a/d', 'a/d', true",
    "'a/d', 'b/d', false",
    "'a,b/d', '', true",
    "'a,b/d', 'a,b/d', false",
    "'a,b/d', 'a,b/d?target-server-type=primary', true",
    "'a,b/d', 'a/d', false",
  })
  void readsGoToThePrimaryWhereNothingElseIsSaid(String url, String readUrl, boolean same)
      throws ConfigurationException {
    assertThat(database(url, readUrl).reads().readsWhereItWrites()).isEqualTo(same);
    assertThat(database(url, readUrl).readsElsewhere())
        .hasSize(same ? 0 : readUrl.split(",", -1).length);
  }

  @Test
  void whatIsWrittenToIsThePrimary() {
    assertThatThrownBy(() -> database("a,b/d?target-server-type=any", ""))
        .hasMessageContaining("url")
        .hasMessageContaining("can only be primary");
    assertThatThrownBy(() -> database("a,b/d?login=aws-iam", ""))
        .hasMessageContaining("a token of IAM is for one");
  }

  @Test
  void readersMayLogInByTokensOfEachHost() throws ConfigurationException {
    assertThat(database("a/d", "b,c/d?login=aws-iam").reads().readsWhereItWrites()).isFalse();
  }
}
