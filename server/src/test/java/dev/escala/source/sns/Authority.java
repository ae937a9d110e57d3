package dev.escala.source.sns;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Who issues certificates: X.509 of version 3 in DER, as far as the tests need it. */
final class Authority {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final byte[] SHA256_WITH_RSA =
      sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11), tagged(5));
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 4;

  private final String name;
  private final KeyPair keys;
  private final byte[] certificate;

  /**
   * What a certificate says.
   *
   * @param alternative name of DNS; null: none
   * @param issuerAt where the issuer's certificate is; null: it does not say
   */
  record Subject(
      String name,
      @Nullable String alternative,
      Instant from,
      Instant until,
      @Nullable String issuerAt) {
    static Subject of(String name) {
      Instant now = Instant.now();
      return new Subject(
          name, name, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), null);
    }

    Subject valid(Instant start, Instant end) {
      return new Subject(name, alternative, start, end, issuerAt);
    }

    Subject issuerAt(String address) {
      return new Subject(name, alternative, from, until, address);
    }

    Subject withoutAlternative() {
      return new Subject(name, null, from, until, issuerAt);
    }
  }

  private Authority(String name, KeyPair keys, byte[] certificate) {
    this.name = name;
    this.keys = keys;
    this.certificate = certificate;
  }

  static KeyPair newKeys(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static Authority root(String name) {
    KeyPair keys = newKeys(2048);
    Authority itself = new Authority(name, keys, new byte[0]);
    return new Authority(name, keys, itself.issue(Subject.of(name), keys.getPublic(), true));
  }

  /** One below this one. */
  Authority intermediate(Subject subject) {
    KeyPair below = newKeys(2048);
    return new Authority(subject.name(), below, issue(subject, below.getPublic(), true));
  }

  byte[] issue(Subject subject, PublicKey key) {
    return issue(subject, key, false);
  }

  private byte[] issue(Subject subject, PublicKey key, boolean isAuthority) {
    byte[] content =
        sequence(
            tagged(0xa0, tagged(2, new byte[] {2})),
            tagged(2, BigInteger.valueOf(System.nanoTime()).toByteArray()),
            SHA256_WITH_RSA,
            named(name),
            sequence(time(subject.from()), time(subject.until())),
            named(subject.name()),
            key.getEncoded(),
            tagged(0xa3, sequence(extensions(subject, isAuthority))));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(content);
      return sequence(content, SHA256_WITH_RSA, tagged(3, joined(new byte[1], signature.sign())));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static byte[] extensions(Subject subject, boolean isAuthority) {
    byte[] all = new byte[0];
    if (isAuthority) {
      byte[] yes = tagged(1, new byte[] {(byte) 0xff});
      all = joined(all, sequence(oid(0x55, 0x1d, 19), yes, tagged(OCTETS, sequence(yes))));
    }
    if (subject.alternative() != null) {
      byte[] names = sequence(tagged(0x82, ascii(subject.alternative())));
      all = joined(all, sequence(oid(0x55, 0x1d, 17), tagged(OCTETS, names)));
    }
    if (subject.issuerAt() != null) {
      byte[] access =
          sequence(
              sequence(oid(0x2b, 6, 1, 5, 5, 7, 48, 2), tagged(0x86, ascii(subject.issuerAt()))));
      all = joined(all, sequence(oid(0x2b, 6, 1, 5, 5, 7, 1, 1), tagged(OCTETS, access)));
    }
    return all.length == 0 ? sequence(oid(0x55, 0x1d, 14), tagged(OCTETS, tagged(OCTETS))) : all;
  }

  private static byte[] named(String commonName) {
    return sequence(tagged(0x31, sequence(oid(0x55, 4, 3), tagged(12, ascii(commonName)))));
  }

  private static byte[] time(Instant instant) {
    return tagged(0x18, ascii(TIME.format(instant)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] oid(int... octets) {
    byte[] content = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      content[i] = (byte) octets[i];
    }
    return tagged(6, content);
  }

  private static byte[] sequence(byte[]... parts) {
    return tagged(SEQUENCE, parts);
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    byte[] content = joined(parts);
    int length = content.length;
    byte[] head =
        length < 128
            ? new byte[] {(byte) tag, (byte) length}
            : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    return joined(head, content);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** This one's own, in DER. */
  byte[] certificate() {
    return certificate.clone();
  }

  TrustAnchor asRoot() {
    try {
      return new TrustAnchor(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate)),
          null);
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** As SNS gives it. */
  static byte[] pem(byte[]... certificates) {
    StringBuilder text = new StringBuilder();
    for (byte[] each : certificates) {
      text.append("-----BEGIN CERTIFICATE-----\n")
          .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(each))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return ascii(text.toString());
  }
}
