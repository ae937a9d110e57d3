package dev.escala.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a key: {@code esk_ID_SECRET}. The secret is 256 bits of chance, so that its SHA-256
 * tells nobody what it is, and needs no salt and no time.
 */
record KeySecret(String id, String secret) {
  static final String PREFIX = "esk_";
  private static final Pattern TEXT = Pattern.compile("esk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");
  private static final SecureRandom CHANCE = new SecureRandom();

  static KeySecret random() {
    return new KeySecret(
        HexFormat.of().formatHex(octets(8)),
        Base64.getUrlEncoder().withoutPadding().encodeToString(octets(32)));
  }

  private static byte[] octets(int many) {
    byte[] octets = new byte[many];
    CHANCE.nextBytes(octets);
    return octets;
  }

  static Optional<KeySecret> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new KeySecret(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(secret.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** All of it, to be shown once. */
  String text() {
    return PREFIX + id + "_" + secret;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return PREFIX + id;
  }
}
