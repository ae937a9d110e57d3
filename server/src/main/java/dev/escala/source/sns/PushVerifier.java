package dev.escala.source.sns;

import dev.escala.source.sns.PushRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether SNS sent a message, from what costs least to what costs most. */
final class PushVerifier {
  /** So much the clock of SNS may be ahead. */
  static final Duration AHEAD = Duration.ofMinutes(5);

  private static final Map<String, String> ALGORITHMS =
      Map.of("1", "SHA1withRSA", "2", "SHA256withRSA");

  private final Map<String, TopicArn> topics;
  private final int minVersion;
  private final Duration replayWindow;
  private final SigningCertificates certificates;
  private final Clock clock;

  PushVerifier(
      Map<String, TopicArn> topics,
      SnsPushSettings settings,
      SigningCertificates certificates,
      Clock clock) {
    this.topics = Map.copyOf(topics);
    this.minVersion = settings.minSignatureVersion();
    this.replayWindow = settings.replayWindow();
    this.certificates = certificates;
    this.clock = clock;
  }

  /** The topic of the configuration with this ARN. */
  TopicArn topic(@Nullable String arn) throws PushRefused {
    TopicArn topic = arn == null ? null : topics.get(arn);
    if (topic == null) {
      throw new PushRefused(Reason.TOPIC, "The topic ARN is none that the configuration names");
    }
    return topic;
  }

  /**
   * Returns if all is well; may wait for a certificate.
   *
   * @param client who sent it
   */
  void check(PushHead head, PushedMessage message, String client) throws PushRefused {
    requireSame(head.type(), message.text("Type"));
    requireSame(head.topicArn(), message.text("TopicArn"));
    requireSame(head.messageId(), message.text("MessageId"));
    TopicArn topic = topic(message.text("TopicArn"));
    String algorithm = algorithm(message.text("SignatureVersion"));
    requireTime(message.timestamp());
    byte[] signature = signature(message);
    PublicKey key = certificates.key(message.text("SigningCertURL"), topic, client);
    if (!isBy(key, algorithm, message.signedText(), signature)) {
      throw notSigned();
    }
  }

  private static void requireSame(@Nullable String ofHead, String ofBody) throws PushRefused {
    if (!ofBody.equals(ofHead)) {
      throw new PushRefused(
          Reason.HEADERS, "The headers do not say what the body says of type, topic and message");
    }
  }

  private String algorithm(String version) throws PushRefused {
    String algorithm = ALGORITHMS.get(version);
    if (algorithm == null || Integer.parseInt(version) < minVersion) {
      throw new PushRefused(
          Reason.VERSION,
          "The signature is not of version %d: set the attribute SignatureVersion of the SNS topic"
              .formatted(minVersion));
    }
    return algorithm;
  }

  private void requireTime(Instant sent) throws PushRefused {
    Instant now = clock.instant();
    if (sent.isBefore(now.minus(replayWindow)) || sent.isAfter(now.plus(AHEAD))) {
      throw new PushRefused(
          Reason.TIMESTAMP,
          "The Timestamp is not of the last %d minutes".formatted(replayWindow.toMinutes()));
    }
  }

  private static byte[] signature(PushedMessage message) throws PushRefused {
    try {
      return Base64.getDecoder().decode(message.text("Signature"));
    } catch (IllegalArgumentException malformed) {
      throw notSigned();
    }
  }

  private static PushRefused notSigned() {
    return new PushRefused(Reason.SIGNATURE, "The signature is not that of the message");
  }

  private static boolean isBy(PublicKey key, String algorithm, String text, byte[] signature) {
    try {
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(key);
      verifying.update(text.getBytes(StandardCharsets.UTF_8));
      return verifying.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }
}
