package dev.escala.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;

/** Tokens as those who issue them make them. */
public final class Jwt {

  private Jwt() {}

  /** Signed by HS256 with a secret. */
  public static String of(String secret, String claims) {
    try {
      return of(new JWSHeader(JWSAlgorithm.HS256), new MACSigner(secret), claims);
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  /** The headers of JSON that is sent as a role. */
  public static String[] headers(String secret, String role) {
    return new String[] {
      "Authorization",
      "Bearer " + of(secret, "{\"role\":\"%s\"}".formatted(role)),
      "Content-Type",
      "application/json"
    };
  }

  /** Signed with any header. */
  public static String of(JWSHeader header, JWSSigner signer, String claims) {
    try {
      JWSObject token = new JWSObject(header, new Payload(claims));
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Of any three texts, the last one being the signature as octets. */
  public static String of(String header, String claims, byte[] signature) {
    return unsigned(header, claims) + "." + Base64URL.encode(signature);
  }

  /** What a signature is made of. */
  public static String unsigned(String header, String claims) {
    return Base64URL.encode(header) + "." + Base64URL.encode(claims);
  }
}
