package dev.escala.source.sqs;

/** What the body of a message is. */
public enum SqsFormat {
  /**
   * An envelope where it looks like one of SNS, else the payload. Only for producers that are
   * trusted: a payload can imitate an envelope.
   */
  AUTO,
  /** The payload, whatever it looks like. */
  RAW,
  /** An envelope of SNS; what is none becomes a dead letter. */
  SNS
}
