package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** docs/configuration.md names the variables that {@code serve} reads without a file. */
class EnvironmentDocTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "ESCALA_DATABASE_URL", "postgresql://u:p@host/db",
          "ESCALA_SQS_QUEUE", "https://sqs.test/1/queue",
          "ESCALA_JWT_SECRET", "0123456789abcdef0123456789abcdef");

  @Test
  void namesTheVariablesThatAreRead() throws Exception {
    Recorded environment = new Recorded();
    ConfigurationSource.read(null, environment);
    String doc = Files.readString(Path.of("../docs/configuration.md"));

    assertThat(
            Pattern.compile("ESCALA_\\w+")
                .matcher(doc)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet()))
        .isEqualTo(environment.asked);
  }

  @Test
  void theWholeTextComesBeforeItsParts() throws Exception {
    Configuration configuration =
        ConfigurationSource.read(
            null,
            Map.of(
                "ESCALA_CONFIG",
                "{databases: {d: {url: 'postgresql://u@${HOST}/d'}}, topics: {t: {table: d.t}}}",
                "HOST",
                "here",
                "ESCALA_DATABASE_URL",
                "postgresql://u:p@elsewhere/e"));

    assertThat(configuration.databases().keySet()).containsExactly("d");
    assertThat(configuration.databases().values())
        .allMatch(database -> database.writes().url().host().equals("here"));
  }

  @Test
  void errorsNameTheVariable() {
    assertThatThrownBy(
            () -> ConfigurationSource.read(null, Map.of("ESCALA_CONFIG", "databsaes: {}")))
        .hasMessageContainingAll("ESCALA_CONFIG", "databases");
  }

  /** An environment that knows what it was asked for. */
  private static final class Recorded extends AbstractMap<String, String> {
    private final Set<String> asked = new TreeSet<>();

    @Override
    public @Nullable String get(Object name) {
      asked.add((String) name);
      return ENVIRONMENT.get(name);
    }

    @Override
    public boolean containsKey(Object name) {
      return get(name) != null;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
      return ENVIRONMENT.entrySet();
    }
  }
}
