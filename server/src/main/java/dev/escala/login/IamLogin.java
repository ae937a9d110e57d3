package dev.escala.login;

import dev.escala.config.DatabaseUrl;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Logs in to RDS by IAM: the password is a request to {@code rds-db:connect}, signed and never
 * sent. RDS looks at it when a connection is opened, and not again.
 *
 * @param region asked only when a token is made
 * @param credentials asked for each token, since those of a task change every few hours
 */
record IamLogin(
    DatabaseUrl url,
    Supplier<String> region,
    Supplier<? extends AwsCredentialsIdentity> credentials,
    Clock clock)
    implements DatabaseLogin {
  private static final String SCHEME = "https://";

  /** As long as RDS takes them. */
  private static final Duration VALID = Duration.ofMinutes(15);

  private static final Pattern REGION_IN_HOST =
      Pattern.compile(".*\\.([a-z0-9-]+)\\.rds\\.amazonaws\\.com(?:\\.cn)?");

  /** One for all: it keeps the credentials, and asks for new ones in time. */
  private static final DefaultCredentialsProvider CREDENTIALS =
      DefaultCredentialsProvider.builder().build();

  static IamLogin of(DatabaseUrl url) {
    return new IamLogin(url, () -> region(url), CREDENTIALS::resolveCredentials, Clock.systemUTC());
  }

  /** That of the host; behind a name of one's own that of the environment. */
  private static String region(DatabaseUrl url) {
    Matcher inHost = REGION_IN_HOST.matcher(url.host());
    return inHost.matches()
        ? inHost.group(1)
        : DefaultAwsRegionProviderChain.builder().build().getRegion().id();
  }

  @Override
  public String password() {
    SdkHttpRequest request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.GET)
            .protocol("https")
            .host(url.host())
            .port(url.port())
            .encodedPath("/")
            .putRawQueryParameter("Action", "connect")
            .putRawQueryParameter("DBUser", url.user())
            .build();
    return sign(request).getUri().toString().substring(SCHEME.length());
  }

  private SdkHttpRequest sign(SdkHttpRequest request) {
    try {
      AwsCredentialsIdentity identity = credentials.get();
      String signedFor = region.get();
      return AwsV4HttpSigner.create()
          .sign(
              r ->
                  r.identity(identity)
                      .request(request)
                      .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "rds-db")
                      .putProperty(AwsV4HttpSigner.REGION_NAME, signedFor)
                      .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                      .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, VALID)
                      .putProperty(HttpSigner.SIGNING_CLOCK, clock))
          .request();
    } catch (SdkClientException nothingToSignWith) {
      throw new LoginException(
          "cannot log in to " + url + " by IAM: no credentials or region of AWS are set",
          nothingToSignWith);
    }
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return "IamLogin[" + url + "]";
  }
}
