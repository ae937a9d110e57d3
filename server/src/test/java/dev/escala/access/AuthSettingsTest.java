package dev.escala.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.model.Action;
import dev.escala.model.Rights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthSettingsTest {
  private static final String SECRET = "a secret of at least 32 characters";

  private static List<String> errors(String yaml) {
    return catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigurationFile.read("test", yaml, variable -> null, AuthSettings::read))
        .errors();
  }

  private static AuthSettings.Locked locked(String auth) {
    return (AuthSettings.Locked) LockedServer.settings("auth: " + auth);
  }

  @Test
  void nothingSaidIsNotTheSameAsNobodyIsAsked() {
    assertThat(LockedServer.settings("{}")).isEqualTo(new AuthSettings.Missing());
    assertThat(LockedServer.settings("auth: none")).isEqualTo(new AuthSettings.None());
  }

  @Test
  void aRoleMayReadUnlessMoreOrLessIsWritten() {
    AuthSettings.Locked settings =
        locked(
            """
            {anonymous: {role: visitor},
             roles: {producer: {may: [publish], topics: [departures]}}}\
            """);
    assertThat(settings.rightsOf("visitor")).isEqualTo(Rights.READING);
    assertThat(settings.rightsOf("producer"))
        .isEqualTo(new Rights(Set.of(Action.PUBLISH), Set.of(), Set.of(), Set.of("departures")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth: {} | auth: lets nobody in",
        "auth: yes | auth: must be a mapping",
        "auth: {jwt: {}} | auth.jwt.secret: is needed, or jwks, but not both",
        "auth: {jwt: {secret: '0123456789012345678901234567890'}}"
            + " | auth.jwt.secret: must have at least 32 characters",
        "auth: {jwt: {secret: 'c2hvcnQ=', secret-is-base64: true}}"
            + " | auth.jwt.secret: must have at least 32 octets",
        "auth: {jwt: {secret: '{}'}} | auth.jwt.secret: is no JWK and no set of JWKs",
        "auth: {jwt: {secret: 'file:/is/not/there'}}"
            + " | auth.jwt.secret: names a file that cannot be read",
        "auth: {jwt: {jwks: 'http://issuer.example/keys'}} | auth.jwt.jwks: must be https",
        "auth: {jwt: {jwks: 'file:/a', secret: '01234567890123456789012345678901'}}"
            + " | auth.jwt.secret: is needed, or jwks, but not both",
        "auth: {jwt: {jwks: 'file:/a', role-claim: role}} | auth.jwt.role-claim: must begin with $",
        "auth: {anonymous: {role: a}, roles: {b: {may: [write]}}} | auth.roles.b.may: must be a"
            + " list of read, sql, publish, operate and admin, not write"
      })
  void whatCannotBeMeantIsAnError(String yaml, String error) {
    assertThat(errors(yaml)).anySatisfy(told -> assertThat(told).startsWith(error));
  }

  @Test
  void aSecretIsNeverShown() {
    assertThat(locked("{jwt: {secret: '" + SECRET + "'}}").toString()).doesNotContain(SECRET);
    assertThat(errors("auth: {jwt: {secret: 'short and secret'}}").toString())
        .doesNotContain("short and secret");
  }

  @Test
  void aSecretMayStandInAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
    assertThat(locked("{jwt: {secret: 'file:%s'}}".formatted(file)).jwt().orElseThrow().secret())
        .isEqualTo(SECRET);
  }
}
