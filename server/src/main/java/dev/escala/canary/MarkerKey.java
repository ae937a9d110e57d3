package dev.escala.canary;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs markers and knows those that were signed, by HMAC-SHA256: nobody else can make one. */
public final class MarkerKey {
  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec key;

  private MarkerKey(byte[] secret) {
    key = new SecretKeySpec(secret, HMAC);
  }

  /** The secret is at least one byte long. */
  public static MarkerKey of(byte[] secret) {
    return new MarkerKey(secret);
  }

  /** Makes a marker of the time to the millisecond. */
  public Marker sign(String topic, UUID canary, long seq, Instant sentAt, String body) {
    Instant millis = Instant.ofEpochMilli(sentAt.toEpochMilli());
    Marker unsigned = new Marker(topic, canary, seq, millis, body, hash(body), "");
    return new Marker(topic, canary, seq, millis, body, unsigned.hash(), signature(unsigned));
  }

  /** Whether the marker is genuine, and the same as when it was signed. */
  public boolean signed(Marker marker) {
    return marker.hash().equals(hash(marker.body()))
        && MessageDigest.isEqual(
            signature(marker).getBytes(StandardCharsets.UTF_8),
            marker.signature().getBytes(StandardCharsets.UTF_8));
  }

  private String signature(Marker marker) {
    String signed =
        String.join(
            "\n",
            "escala canary 1",
            marker.topic(),
            marker.canary().toString(),
            Long.toString(marker.seq()),
            marker.sentAt().toString(),
            marker.hash());
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("each JDK has " + HMAC, impossible);
    }
  }

  private static String hash(String body) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(body.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("each JDK has SHA-256", impossible);
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "MarkerKey";
  }
}
