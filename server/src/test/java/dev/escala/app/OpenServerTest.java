package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that asks nobody who they are is one of this machine, or somebody wrote it down. */
class OpenServerTest {
  private static final String REST =
      """
      databases: {db: {url: "postgresql://u:secret@localhost:1/db"}}
      topics: {t: {table: db.t}}
      """;

  private static Configuration read(String yaml) {
    try {
      return Configuration.read("test", yaml + "\n" + REST, variable -> null);
    } catch (ConfigurationException errors) {
      throw new AssertionError(errors);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http: {host: 0.0.0.0}",
        "http: {host: 127.0.0.1}",
        "admin: {host: 127.0.0.1}",
        "{http: {host: 127.0.0.1.example.com}, admin: {host: localhost}}",
        "{http: {host: '::'}, admin: {host: localhost}}",
        "{http: {host: localhost}, admin: {host: 10.0.0.1}}"
      })
  void isNotServedToOthers(String yaml) {
    assertThat(read(unwrapped(yaml)).openToOthers())
        .hasValueSatisfying(
            told -> assertThat(told).contains("auth: none", "127.0.0.1", "authentication.md"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth: none",
        "auth: {anonymous: {role: visitor}}",
        "{http: {host: 127.0.0.1}, admin: {host: 127.0.0.1}}",
        "{http: {host: localhost}, admin: {host: '::1'}}"
      })
  void isServedWhereItIsMeant(String yaml) {
    assertThat(read(unwrapped(yaml)).openToOthers()).isEmpty();
  }

  /** A mapping in braces as the lines of a file. */
  private static String unwrapped(String yaml) {
    return yaml.startsWith("{") ? yaml.substring(1, yaml.length() - 1).replace("}, ", "}\n") : yaml;
  }

  @Test
  void theCommandsSaySoAndDoNotStart(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("escala.yaml"), REST);
    assertThatThrownBy(() -> new Serve(Optional.of(file), Application.Role.API).run())
        .isInstanceOf(CommandFailed.class)
        .hasMessageContainingAll("http.host 0.0.0.0", "admin.host 0.0.0.0", "auth: none");
    assertThat(EscalaCommand.commandLine().execute("check", file.toString())).isEqualTo(2);
  }

  @Test
  void theEnvironmentAloneSaysItToo() throws Exception {
    String url = "postgresql://u:p@host/db";
    assertThatThrownBy(
            () -> ConfigurationSource.readToServe(null, Map.of("ESCALA_DATABASE_URL", url)))
        .isInstanceOf(CommandFailed.class);
    assertThat(
            ConfigurationSource.readToServe(
                    null, Map.of("ESCALA_DATABASE_URL", url, "ESCALA_AUTH", "none"))
                .openToOthers())
        .isEmpty();
    assertThat(
            ConfigurationSource.readToServe(
                    null,
                    Map.of(
                        "ESCALA_DATABASE_URL", url,
                        "ESCALA_JWT_SECRET", "0123456789abcdef0123456789abcdef",
                        "ESCALA_ANONYMOUS_ROLE", "visitor"))
                .auth()
                .readingRoles())
        .containsExactly("visitor");
  }
}
