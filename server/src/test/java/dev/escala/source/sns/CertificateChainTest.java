package dev.escala.source.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.source.sns.Authority.Subject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateChainTest {
  private final Instant now = Instant.now();
  private static final Duration DAY = Duration.ofDays(1);
  private static final Subject SNS = Subject.of("sns.amazonaws.com");
  private static final String ISSUER_AT = "http://crt.r2m01.amazontrust.com/r2m01.cer";
  private static final Authority BETWEEN = FakeSns.ROOT.intermediate(Subject.of("Between"));

  private final List<URI> fetched = new ArrayList<>();

  private PublicKey check(byte[] file, String arn, Fetcher fetcher) throws Exception {
    CertificateChain chain =
        new CertificateChain(
            Set.of(FakeSns.ROOT.asRoot()),
            address -> {
              fetched.add(address);
              return fetcher.get(address);
            });
    return chain.check(file, TopicArn.parse(arn).orElseThrow(), now).getPublicKey();
  }

  private PublicKey check(byte[] file) throws Exception {
    return check(
        file,
        FakeSns.ARN,
        address -> {
          throw new IOException("away");
        });
  }

  private static byte[] pemBetween(Subject subject) {
    return Authority.pem(BETWEEN.issue(subject, FakeSns.KEYS.getPublic()));
  }

  @Test
  void aCertificateOfSnsIsGood() throws Exception {
    assertThat(check(FakeSns.certificate(SNS))).isEqualTo(FakeSns.KEYS.getPublic());
    assertThat(check(FakeSns.certificate(SNS.withoutAlternative())))
        .isEqualTo(FakeSns.KEYS.getPublic());
  }

  @ParameterizedTest
  @CsvSource({
    "sns.amazonaws.com,                         arn:aws:sns:eu-west-1:123456789012:a",
    "sns.eu-west-1.amazonaws.com,               arn:aws:sns:eu-west-1:123456789012:a",
    "sns-signing.af-south-1.amazonaws.com,      arn:aws:sns:af-south-1:123456789012:a",
    "sns-us-gov-west-1.amazonaws.com,           arn:aws-us-gov:sns:us-gov-east-1:123456789012:a",
    "sns-cn-north-1.amazonaws.com.cn,           arn:aws-cn:sns:cn-north-1:123456789012:a"
  })
  void theNameIsTheOneOfTheRegion(String name, String arn) throws Exception {
    Fetcher none = address -> new byte[0];
    assertThat(check(FakeSns.certificate(Subject.of(name)), arn, none)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amazonaws.com",
        "sns.amazonaws.com.evil.example",
        "xsns.amazonaws.com",
        "sns-signing.us-east-1.amazonaws.com",
        "s3.amazonaws.com",
        "*.amazonaws.com"
      })
  void anotherNameIsNone(String name) {
    assertThatThrownBy(() -> check(FakeSns.certificate(Subject.of(name))))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("no name of SNS");
  }

  /** The common name counts only where there is no other. */
  @Test
  void theCommonNameAloneIsNotEnough() {
    Subject both =
        new Subject("sns.amazonaws.com", "evil.example", now.minus(DAY), now.plus(DAY), null);
    assertThatThrownBy(() -> check(FakeSns.certificate(both)))
        .hasMessageContaining("no name of SNS");
  }

  @Test
  void itHasItsTime() {
    assertThatThrownBy(
            () -> check(FakeSns.certificate(SNS.valid(now.minus(DAY), now.minusSeconds(1)))))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(
            () -> check(FakeSns.certificate(SNS.valid(now.plusSeconds(60), now.plus(DAY)))))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void whoIssuedItIsKnown() {
    Authority stranger = Authority.root("Root of the tests");
    assertThatThrownBy(() -> check(Authority.pem(stranger.issue(SNS, FakeSns.KEYS.getPublic()))))
        .hasMessageContaining("no root");
    assertThatThrownBy(() -> check(pemBetween(SNS))).hasMessageContaining("no root");
  }

  @Test
  void whatIsBetweenMayStandInTheFile() throws Exception {
    byte[] leaf = BETWEEN.issue(SNS, FakeSns.KEYS.getPublic());
    assertThat(check(Authority.pem(leaf, BETWEEN.certificate()))).isNotNull();
  }

  /** As it is with SNS, whose file has one certificate. */
  @Test
  void orIsFetchedFromWhoIssuedIt() throws Exception {
    byte[] file = pemBetween(SNS.issuerAt(ISSUER_AT));
    assertThat(check(file, FakeSns.ARN, address -> BETWEEN.certificate())).isNotNull();
    assertThat(fetched).containsExactly(URI.create(ISSUER_AT));
  }

  @Test
  void whatIsFetchedIsBelievedOnlyWithASignature() {
    Authority stranger = Authority.root("Between");
    byte[] file = pemBetween(SNS.issuerAt(ISSUER_AT));
    assertThatThrownBy(() -> check(file, FakeSns.ARN, address -> stranger.certificate()))
        .hasMessageContaining("no root");
  }

  @Test
  void anIssuerThatIsAwayIsNoJudgement() {
    byte[] file = pemBetween(SNS.issuerAt(ISSUER_AT));
    assertThatThrownBy(() -> check(file)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/r2m01.cer",
        "http://crt.r2m01.amazontrust.com:8080/r2m01.cer",
        "http://crt.r2m01.amazontrust.com@localhost/r2m01.cer",
        "http://crt.r2m01.amazontrust.com.evil.example/r2m01.cer",
        "ldap://crt.r2m01.amazontrust.com/r2m01.cer",
        "file:///etc/passwd"
      })
  void noOtherPlaceIsAsked(String address) {
    assertThatThrownBy(
            () -> check(pemBetween(SNS.issuerAt(address)), FakeSns.ARN, ignored -> new byte[0]))
        .hasMessageContaining("no root");
    assertThat(fetched).isEmpty();
  }

  @Test
  void aShortKeyIsNone() {
    PublicKey shortKey = Authority.newKeys(1024).getPublic();
    assertThatThrownBy(() -> check(Authority.pem(FakeSns.ROOT.issue(SNS, shortKey))))
        .hasMessageContaining("2048");
  }

  @Test
  void whatIsNoCertificateIsNone() {
    assertThatThrownBy(() -> check("<html>".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> check(new byte[0])).isInstanceOf(GeneralSecurityException.class);
  }
}
