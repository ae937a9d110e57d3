package dev.escala.access;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.escala.observe.Observation.KeysFailed;
import dev.escala.testing.Jwt;
import dev.escala.testing.RecordingObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys that are published elsewhere, and change. */
@Tag("integration")
class KeySetTest {
  private static final String CLAIMS = "{\"role\":\"reader\"}";

  private final RecordingObserver observer = new RecordingObserver();
  private final AtomicLong nanos = new AtomicLong();
  private final ECKey first = key("first");
  private final ECKey second = key("second");
  private final KeyServer issuer = issuer();
  private final KeySet keys =
      KeySet.of(
          new JwtSettings("", false, Optional.of(issuer.address()), Optional.empty(), "$.role"),
          nanos::get,
          observer);
  private final Tokens tokens = new Tokens(keys);

  private static ECKey key(String name) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(name).generate();
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  private KeyServer issuer() {
    try {
      return KeyServer.start(new JWKSet(first.toPublicJWK()));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private static String token(ECKey key) {
    try {
      return Jwt.of(
          new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
          new ECDSASigner(key),
          CLAIMS);
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  private boolean isGood(ECKey key) {
    return isGood(token(key));
  }

  private boolean isGood(String token) {
    try {
      var _ = tokens.verified(token);
      return true;
    } catch (TokenRefused refused) {
      assertThat(refused.problem().code()).isIn("PGRST301", "ESC006");
      return false;
    }
  }

  private void later(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aNewKeyIsFoundByItsNameAndUnknownNamesDoNotReadAgainAndAgain() {
    assertThat(isGood(first)).isTrue();
    later(KeySet.BETWEEN_READS);
    issuer.publish(new JWKSet(List.of(first.toPublicJWK(), second.toPublicJWK())));
    assertThat(isGood(second)).isTrue();
    int reads = issuer.reads();

    for (int i = 0; i < 20; i++) {
      assertThat(isGood(key("invented" + i))).isFalse();
    }
    assertThat(issuer.reads()).isEqualTo(reads);
    later(KeySet.BETWEEN_READS);
    for (int i = 0; i < 20; i++) {
      assertThat(isGood(key("invented" + i))).isFalse();
    }
    assertThat(issuer.reads()).isEqualTo(reads + 1);
  }

  @Test
  void aKeyThatIsTakenBackOpensNothingOnceTheKeysAreOld() {
    String token = token(first);
    assertThat(isGood(token)).isTrue();
    assertThat(tokens.known(token)).isPresent();

    issuer.publish(new JWKSet(second.toPublicJWK()));
    later(KeySet.OLD);
    eventually("what was known is forgotten", () -> tokens.known(token).isEmpty());
    assertThat(isGood(token)).isFalse();
  }

  @Test
  void whileTheKeysCannotBeHadThoseBeforeHold() {
    assertThat(isGood(first)).isTrue();
    issuer.fail();
    later(KeySet.OLD);
    eventually(
        "it is told, and the keys hold",
        () -> {
          assertThat(isGood(first)).isTrue();
          return !observer.all(KeysFailed.class).isEmpty();
        });
    assertThat(isGood(first)).isTrue();
  }

  @Test
  void beforeTheFirstKeysATokenIsNotCalledBad() {
    issuer.fail();
    try {
      var _ = tokens.verified(token(first));
      throw new AssertionError("it was verified");
    } catch (TokenRefused refused) {
      assertThat(refused.problem().status()).isEqualTo(503);
      assertThat(refused.problem().code()).isEqualTo("ESC006");
    }
  }
}
