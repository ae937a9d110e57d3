package dev.escala.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.DatabaseUrl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

class DatabaseLoginTest {
  private static final DatabaseUrl URL =
      DatabaseUrl.parse(
          "postgresql://escala_owner@orders.abc.eu-west-1.rds.amazonaws.com:5432/orders"
              + "?sslmode=verify-full&login=aws-iam");
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
  private static final String KEY = "AKIDEXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  private static IamLogin login(AwsCredentialsIdentity credentials) {
    return new IamLogin(URL, () -> "eu-west-1", () -> credentials, NOON);
  }

  /**
   * Compared with botocore's signer, from which {@code aws rds generate-db-auth-token} has them;
   * the order of the parameters is not part of the signature.
   */
  @Test
  void signsAsTheCommandLineOfAws() {
    String token = login(AwsBasicCredentials.create(KEY, SECRET)).password();

    assertThat(token)
        .startsWith(
            "orders.abc.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=escala_owner&");
    assertThat(token.split("[?&]", -1))
        .contains(
            "X-Amz-Credential=AKIDEXAMPLE%2F20261124%2Feu-west-1%2Frds-db%2Faws4_request",
            "X-Amz-Date=20261124T120000Z",
            "X-Amz-Expires=900",
            "X-Amz-Signature=b2c759d1acbb3f04e4529e88156bb65467c152917de033b93fc0a15032882fa5");
  }

  /** Those of a task. */
  @Test
  void signsWithTheCredentialsOfASession() {
    String token = login(AwsSessionCredentials.create(KEY, SECRET, "session/token+1==")).password();

    assertThat(token.split("[?&]", -1))
        .contains(
            "X-Amz-Security-Token=session%2Ftoken%2B1%3D%3D",
            "X-Amz-Signature=839b7e6cdf631e460e72f62b74ce9e73d61675ec093773d75857ca12c7f98f12");
  }

  @Test
  void eachConnectionGetsAFreshToken() {
    Clock later = Clock.offset(NOON, Duration.ofMinutes(1));
    AwsBasicCredentials credentials = AwsBasicCredentials.create(KEY, SECRET);

    assertThat(new IamLogin(URL, () -> "eu-west-1", () -> credentials, later).password())
        .contains("X-Amz-Date=20261124T120100Z")
        .isNotEqualTo(login(credentials).password());
  }

  @Test
  void saysWhyItCannot() {
    IamLogin without =
        new IamLogin(
            URL,
            () -> "eu-west-1",
            () -> {
              throw SdkClientException.create("no provider has any");
            },
            NOON);

    assertThatThrownBy(without::password)
        .isInstanceOf(LoginException.class)
        .hasMessageContainingAll("escala_owner@orders", "by IAM", "credentials");
  }

  @Test
  void theUrlDecides() {
    assertThat(DatabaseLogin.of(URL)).isInstanceOf(IamLogin.class);
    assertThat(DatabaseLogin.of(DatabaseUrl.parse("postgresql://u:p@h/d")).password())
        .isEqualTo("p");
  }

  @Test
  void showsNoSecret() {
    assertThat(login(AwsBasicCredentials.create(KEY, SECRET)).toString()).doesNotContain(SECRET);
    assertThat(new DatabaseLogin.Password("secret").toString()).doesNotContain("secret");
  }
}
