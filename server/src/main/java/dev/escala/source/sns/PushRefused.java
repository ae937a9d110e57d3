package dev.escala.source.sns;

import java.util.Locale;

/** A push that is not taken. The sentence has nothing of what was sent. */
public final class PushRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final String sentence;

  /** Why; the label {@code reason} of metrics. */
  public enum Reason {
    /** The body is not what SNS posts. */
    MALFORMED,
    /** Head and body do not agree, or the head is not SNS's. */
    HEADERS,
    /** Of a topic of SNS that the configuration does not name. */
    TOPIC,
    /** Raw, which has no signature, and nothing else says who sends it. */
    RAW,
    /** A new subscription, where none is confirmed. */
    SUBSCRIPTION,
    /** Signed in an older way than the configuration allows. */
    VERSION,
    /** Too old, or of the time to come. */
    TIMESTAMP,
    /** The certificate is none of SNS, or no longer good. */
    CERTIFICATE,
    /** The signature is not that of the certificate. */
    SIGNATURE,
    /** Others ask for all the certificates that are fetched; the same may be taken later. */
    BUSY,
    /** Nobody can say now; the same may be taken later. */
    UNAVAILABLE;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
      return label;
    }
  }

  PushRefused(Reason reason, String sentence) {
    super(sentence, null, false, false);
    this.reason = reason;
    this.sentence = sentence;
  }

  public Reason reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
