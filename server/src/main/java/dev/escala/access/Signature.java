package dev.escala.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks the signature of a token with a key that fits its algorithm. */
final class Signature {
  /** Of a public key of Ed25519 in X.509 (RFC 8410), in front of its octets. */
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final Map<JWSAlgorithm, String> MACS =
      Map.of(
          JWSAlgorithm.HS256, "HmacSHA256",
          JWSAlgorithm.HS384, "HmacSHA384",
          JWSAlgorithm.HS512, "HmacSHA512");

  private Signature() {}

  /** Whether this key signed the token. */
  static boolean isBy(JWK key, SignedJWT token) {
    try {
      return switch (key) {
        case OctetSequenceKey secret -> isBy(secret, token);
        case OctetKeyPair pair -> isBy(pair, token);
        case RSAKey rsa -> token.verify(new RSASSAVerifier(rsa.toRSAPublicKey()));
        case ECKey curve -> token.verify(new ECDSAVerifier(curve.toECPublicKey()));
        default -> false;
      };
    } catch (JOSEException | GeneralSecurityException unfit) {
      return false;
    }
  }

  /** By the JDK, since the library wants longer secrets for HS384 and HS512 than PostgREST does. */
  private static boolean isBy(OctetSequenceKey secret, SignedJWT token)
      throws GeneralSecurityException {
    String name = MACS.get(token.getHeader().getAlgorithm());
    if (name == null) {
      return false;
    }
    Mac mac = Mac.getInstance(name);
    mac.init(new SecretKeySpec(secret.toByteArray(), name));
    return MessageDigest.isEqual(
        mac.doFinal(token.getSigningInput()), token.getSignature().decode());
  }

  /** By the JDK, since the library wants another library for it. */
  private static boolean isBy(OctetKeyPair pair, SignedJWT token) throws GeneralSecurityException {
    JWSHeader header = token.getHeader();
    boolean isEd25519 =
        header.getAlgorithm().equals(JWSAlgorithm.EdDSA)
            || header.getAlgorithm().equals(JWSAlgorithm.Ed25519);
    if (!isEd25519 || !pair.getCurve().equals(Curve.Ed25519)) {
      return false;
    }
    byte[] octets = pair.getDecodedX();
    byte[] encoded = Arrays.copyOf(ED25519, ED25519.length + octets.length);
    System.arraycopy(octets, 0, encoded, ED25519.length, octets.length);
    java.security.Signature signature = java.security.Signature.getInstance("Ed25519");
    signature.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    signature.update(token.getSigningInput());
    return signature.verify(token.getSignature().decode());
  }
}
