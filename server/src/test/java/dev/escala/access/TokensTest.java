package dev.escala.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.escala.testing.Jwt;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens open the door, and which attacks do not. */
@Tag("integration")
class TokensTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String CLAIMS = "{\"role\":\"reader\",\"sub\":\"ana\"}";
  private static final RSAKey RSA = rsa("rsa");
  private static final RSAKey OTHER_RSA = rsa("other");
  private static final KeyPair EDWARDS = edwards();

  @TempDir static Path folder;

  private static LockedServer bySecret;
  private static LockedServer byKeys;

  private static RSAKey rsa(String name) {
    try {
      return new RSAKeyGenerator(2048).keyID(name).generate();
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  private static ECKey curve(Curve curve) {
    try {
      return new ECKeyGenerator(curve).keyID(curve.getName()).generate();
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  private static final ECKey P256 = curve(Curve.P_256);
  private static final ECKey P384 = curve(Curve.P_384);
  private static final ECKey P521 = curve(Curve.P_521);

  private static KeyPair edwards() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException failure) {
      throw new AssertionError(failure);
    }
  }

  private static JWK edwardsKey() {
    byte[] encoded = EDWARDS.getPublic().getEncoded();
    byte[] octets = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(octets))
        .keyID("edwards")
        .build();
  }

  @BeforeAll
  static void start() throws Exception {
    bySecret = LockedServer.start("{jwt: {secret: '%s'}}".formatted(SECRET));
    RSAKey encrypting =
        new RSAKey.Builder(OTHER_RSA).keyID("enc").keyUse(KeyUse.ENCRYPTION).build();
    JWKSet keys = new JWKSet(List.of(RSA, P256, P384, P521, edwardsKey(), encrypting));
    Path file = Files.writeString(folder.resolve("keys.json"), keys.toString());
    byKeys = LockedServer.start("{jwt: {jwks: '%s'}}".formatted(file.toUri()));
  }

  @AfterAll
  static void stop() {
    bySecret.close();
    byKeys.close();
  }

  private static void assertRefused(HttpResponse<String> answer, String code) {
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(told -> assertThat(told).startsWith("Bearer error=\"invalid_token\""));
  }

  private static String token(JWSAlgorithm algorithm, JWSSigner signer) {
    return Jwt.of(new JWSHeader(algorithm), signer, CLAIMS);
  }

  private static String withKey(JWSAlgorithm algorithm, String name, JWSSigner signer) {
    return Jwt.of(new JWSHeader.Builder(algorithm).keyID(name).build(), signer, CLAIMS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void rsaOpens(String algorithm) throws JOSEException {
    String token = token(JWSAlgorithm.parse(algorithm), new RSASSASigner(RSA));
    assertThat(byKeys.bearer(token).body()).contains("\"role\":\"reader\"", "KNOWN");
  }

  @Test
  void curvesOpen() throws JOSEException {
    assertThat(byKeys.bearer(token(JWSAlgorithm.ES256, new ECDSASigner(P256))).statusCode())
        .isEqualTo(200);
    assertThat(byKeys.bearer(token(JWSAlgorithm.ES384, new ECDSASigner(P384))).statusCode())
        .isEqualTo(200);
    assertThat(byKeys.bearer(token(JWSAlgorithm.ES512, new ECDSASigner(P521))).statusCode())
        .isEqualTo(200);
  }

  private static String edwardsToken(String header) throws Exception {
    java.security.Signature signature = java.security.Signature.getInstance("Ed25519");
    signature.initSign(EDWARDS.getPrivate());
    signature.update(Jwt.unsigned(header, CLAIMS).getBytes(StandardCharsets.US_ASCII));
    return Jwt.of(header, CLAIMS, signature.sign());
  }

  @Test
  void edwardsOpens() throws Exception {
    String token = edwardsToken("{\"alg\":\"EdDSA\"}");
    assertThat(byKeys.bearer(token).statusCode()).isEqualTo(200);
    String forged = token.substring(0, token.lastIndexOf('.') + 1) + Base64URL.encode(new byte[64]);
    assertRefused(byKeys.bearer(forged), "PGRST301");
  }

  @ParameterizedTest
  @CsvSource({"HmacSHA256, HS256", "HmacSHA384, HS384", "HmacSHA512, HS512"})
  void aSecretOpensWithEachHash(String hash, String algorithm) throws Exception {
    String header = "{\"alg\":\"%s\"}".formatted(algorithm);
    Mac mac = Mac.getInstance(hash);
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "mac"));
    byte[] signature =
        mac.doFinal(Jwt.unsigned(header, CLAIMS).getBytes(StandardCharsets.US_ASCII));
    assertThat(bySecret.bearer(Jwt.of(header, CLAIMS, signature)).statusCode()).isEqualTo(200);
  }

  @Test
  void aSecretMayBeBase64OrAKeyWithAName() throws JOSEException {
    String base64 = Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));
    try (LockedServer server =
        LockedServer.start("{jwt: {secret: '%s', secret-is-base64: true}}".formatted(base64))) {
      assertThat(server.bearer(Jwt.of(SECRET, CLAIMS)).statusCode()).isEqualTo(200);
    }
    String key = "{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"%s\"}".formatted(Base64URL.encode(SECRET));
    try (LockedServer server = LockedServer.start("{jwt: {secret: '%s'}}".formatted(key))) {
      MACSigner signer = new MACSigner(SECRET);
      assertThat(server.bearer(withKey(JWSAlgorithm.HS256, "a", signer)).statusCode())
          .isEqualTo(200);
      assertRefused(server.bearer(withKey(JWSAlgorithm.HS256, "b", signer)), "PGRST301");
    }
  }

  @Test
  void theSchemeIsReadInAnyCaseAndOthersAreNoToken() {
    assertThat(bySecret.send("Authorization", "bEaReR " + Jwt.of(SECRET, CLAIMS)).statusCode())
        .isEqualTo(200);
    assertThat(bySecret.send("Authorization", "Basic YTpi").body()).contains("PGRST302");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "two.parts",
        "a.b.c",
        "a.b.c.d",
        "a.b.c.d.e",
        "..",
        "eyJhbGciOiJIUzI1NiJ9..",
        "eyJhbGciOiJIUzI1NiJ9.e30.",
        "e30.e30.e30",
        "W10.e30.e30"
      })
  void whatIsNoTokenIsRefused(String token) {
    assertRefused(bySecret.bearer(token), "PGRST301");
    assertRefused(byKeys.bearer(token), "PGRST301");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "", "HS1", "ES256K", "dir"})
  void withoutAnAlgorithmThatIsKnownNothingOpens(String algorithm) throws JOSEException {
    String header = "{\"alg\":\"%s\"}".formatted(algorithm);
    String signature = Jwt.of(SECRET, CLAIMS);
    for (String end : List.of("", signature.substring(signature.lastIndexOf('.') + 1))) {
      String token = Jwt.unsigned(header, CLAIMS) + "." + end;
      assertRefused(bySecret.bearer(token), "PGRST301");
      assertRefused(byKeys.bearer(token), "PGRST301");
    }
  }

  /** The public key is known to everybody, and would be a secret if the algorithm could choose. */
  @Test
  void aPublicKeyIsNoSecret() throws Exception {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(RSA.toRSAPublicKey().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] secret :
        List.of(
            RSA.toRSAPublicKey().getEncoded(),
            pem.getBytes(StandardCharsets.UTF_8),
            RSA.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
            RSA.getModulus().decode())) {
      MACSigner signer = new MACSigner(secret);
      assertRefused(byKeys.bearer(token(JWSAlgorithm.HS256, signer)), "PGRST301");
      assertRefused(byKeys.bearer(withKey(JWSAlgorithm.HS256, "rsa", signer)), "PGRST301");
    }
  }

  @Test
  void aSecretIsNoKeyOfAnotherKind() throws JOSEException {
    assertRefused(bySecret.bearer(token(JWSAlgorithm.RS256, new RSASSASigner(RSA))), "PGRST301");
  }

  @ParameterizedTest
  @CsvSource({"ES256, 64", "ES384, 96", "ES512, 132", "RS256, 256"})
  void aSignatureOfNaughtIsNone(String algorithm, int length) {
    String header = "{\"alg\":\"%s\"}".formatted(algorithm);
    assertRefused(byKeys.bearer(Jwt.of(header, CLAIMS, new byte[length])), "PGRST301");
  }

  @Test
  void whatWasChangedIsRefused() {
    String token = Jwt.of(SECRET, CLAIMS);
    String changed =
        token.substring(0, token.indexOf('.') + 1)
            + Base64URL.encode(CLAIMS.replace("reader", "owner"))
            + token.substring(token.lastIndexOf('.'));
    assertRefused(bySecret.bearer(changed), "PGRST301");
    assertThat(bySecret.bearer(token).statusCode()).isEqualTo(200);
    assertRefused(bySecret.bearer(changed), "PGRST301");
    assertRefused(bySecret.bearer(Jwt.of(SECRET + "!", CLAIMS)), "PGRST301");
  }

  @Test
  void aNameOfAKeyStandsForThatKeyAlone() throws JOSEException {
    RSASSASigner signer = new RSASSASigner(RSA);
    assertThat(byKeys.bearer(withKey(JWSAlgorithm.RS256, "rsa", signer)).statusCode())
        .isEqualTo(200);
    assertRefused(byKeys.bearer(withKey(JWSAlgorithm.RS256, "unknown", signer)), "PGRST301");
    assertRefused(byKeys.bearer(withKey(JWSAlgorithm.RS256, "P-256", signer)), "PGRST301");
  }

  @Test
  void aKeyForSecretsSignsNothing() throws JOSEException {
    RSASSASigner signer = new RSASSASigner(OTHER_RSA);
    assertRefused(byKeys.bearer(withKey(JWSAlgorithm.RS256, "enc", signer)), "PGRST301");
    assertRefused(byKeys.bearer(token(JWSAlgorithm.RS256, signer)), "PGRST301");
  }

  /** An attacker signs with a key of its own, and sends that or says where it is. */
  @Test
  void aTokenNeverBringsItsKey() throws Exception {
    try (KeyServer attacker = KeyServer.start(new JWKSet(OTHER_RSA.toPublicJWK()))) {
      URI there = attacker.address();
      for (JWSHeader header :
          List.of(
              new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(OTHER_RSA.toPublicJWK()).build(),
              new JWSHeader.Builder(JWSAlgorithm.RS256).jwkURL(there).build(),
              new JWSHeader.Builder(JWSAlgorithm.RS256).x509CertURL(there).build(),
              new JWSHeader.Builder(JWSAlgorithm.RS256)
                  .jwkURL(there)
                  .jwk(OTHER_RSA.toPublicJWK())
                  .keyID("rsa")
                  .build())) {
        String token = Jwt.of(header, new RSASSASigner(OTHER_RSA), CLAIMS);
        assertRefused(byKeys.bearer(token), "PGRST301");
      }
      assertThat(attacker.reads()).isZero();
    }
  }

  @Test
  void whatATokenCallsCriticalIsNotPassedOver() throws JOSEException {
    JWSHeader critical =
        new JWSHeader.Builder(JWSAlgorithm.HS256)
            .criticalParams(Set.of("exp"))
            .customParam("exp", 1)
            .build();
    assertRefused(bySecret.bearer(Jwt.of(critical, new MACSigner(SECRET), CLAIMS)), "PGRST301");
  }

  @Test
  void aHugeTokenIsRefused() {
    String claims = "{\"role\":\"reader\",\"more\":\"%s\"}".formatted("a".repeat(9_000));
    assertRefused(bySecret.bearer(Jwt.of(SECRET, claims)), "PGRST301");
    assertThat(bySecret.bearer("a".repeat(20_000)).statusCode()).isEqualTo(431);
  }

  private static long now(int moreSeconds) {
    return Instant.now().getEpochSecond() + moreSeconds;
  }

  private static String claims(String members) {
    return "{\"role\":\"reader\"," + members + "}";
  }

  @Test
  void timesCountWithSomeSlack() {
    for (String good :
        List.of(
            "\"exp\":" + now(-20),
            "\"nbf\":" + now(20),
            "\"iat\":" + now(20),
            "\"exp\":" + now(9) + ".5",
            "\"exp\":1e99",
            "\"exp\":null")) {
      assertThat(bySecret.bearer(Jwt.of(SECRET, claims(good))).statusCode()).isEqualTo(200);
    }
    for (String bad :
        List.of(
            "\"exp\":" + now(-40),
            "\"nbf\":" + now(100),
            "\"iat\":" + now(100),
            "\"exp\":\"tomorrow\"",
            "\"exp\":true",
            "\"exp\":-1e99",
            "\"nbf\":[]")) {
      assertRefused(bySecret.bearer(Jwt.of(SECRET, claims(bad))), "PGRST303");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "\"text\"", "null", "", "{", "{\"role\":"})
  void claimsThatAreNoObjectAreRefused(String claims) {
    String token = Jwt.of(SECRET, claims);
    HttpResponse<String> answer = bySecret.bearer(token);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).containsAnyOf("PGRST301", "PGRST303");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"aud\":\"here\" | 200",
        "\"aud\":[\"there\",\"here\"] | 200",
        "\"aud\":[] | 200",
        "\"aud\":null | 200",
        "\"sub\":\"ana\" | 200",
        "\"aud\":\"there\" | 401",
        "\"aud\":\"HERE\" | 401",
        "\"aud\":[\"there\"] | 401",
        "\"aud\":7 | 401",
        "\"aud\":[\"here\",7] | 401"
      })
  void anAudienceIsWhoTheTokenIsFor(String claim, int status) {
    try (LockedServer server =
        LockedServer.start("{jwt: {secret: '%s', audience: here}}".formatted(SECRET))) {
      assertThat(server.bearer(Jwt.of(SECRET, claims(claim))).statusCode()).isEqualTo(status);
    }
  }
}
