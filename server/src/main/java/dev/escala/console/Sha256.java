package dev.escala.console;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that policies and versions of files are made of. */
final class Sha256 {

  private Sha256() {}

  static byte[] of(byte[] octets) {
    return digest().digest(octets);
  }

  /** Of what is too much to be put together. */
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("each JDK has SHA-256", missing);
    }
  }
}
