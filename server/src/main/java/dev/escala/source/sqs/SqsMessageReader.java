package dev.escala.source.sqs;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.SourceKind;
import dev.escala.source.sns.SnsEnvelope;
import dev.escala.source.sns.SnsEnvelope.Opened;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Turns what SQS gives into messages, opening the envelope of SNS where there is one. */
final class SqsMessageReader {
  /** What SQS keeps of a producer's wishes; useful beside the message, and no more. */
  private static final List<MessageSystemAttributeName> KEPT =
      List.of(
          MessageSystemAttributeName.MESSAGE_GROUP_ID,
          MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID,
          MessageSystemAttributeName.AWS_TRACE_HEADER,
          MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN);

  private final String topic;
  private final SqsFormat format;

  SqsMessageReader(String topic, SqsFormat format) {
    this.topic = topic;
    this.format = format;
  }

  Message read(software.amazon.awssdk.services.sqs.model.Message received) {
    String body = received.body();
    boolean opens =
        switch (format) {
          case RAW -> false;
          case AUTO -> SnsEnvelope.maybe(body);
          case SNS -> true;
        };
    if (!opens) {
      return raw(received);
    }
    return switch (SnsEnvelope.open(body)) {
      case Opened.Envelope opened -> enveloped(received, opened.envelope());
      case Opened.NoEnvelope none ->
          format == SqsFormat.AUTO ? raw(received) : unreadable(received, none.detail());
    };
  }

  private Message enveloped(
      software.amazon.awssdk.services.sqs.model.Message received, SnsEnvelope envelope) {
    Map<String, String> attributes = attributes(received, envelope.attributes());
    if (envelope.subject() != null) {
      attributes.putIfAbsent("Subject", envelope.subject());
    }
    return new Message(
        topic,
        Payload.utf8(envelope.message()),
        new Origin(
            SourceKind.SNS,
            envelope.messageId(),
            envelope.publishedAt(),
            attempt(received),
            attributes));
  }

  private Message raw(software.amazon.awssdk.services.sqs.model.Message received) {
    return new Message(topic, Payload.utf8(received.body()), origin(received));
  }

  private Message unreadable(
      software.amazon.awssdk.services.sqs.model.Message received, String detail) {
    return new Message(
        topic,
        Payload.utf8(received.body()),
        origin(received),
        Rejection.of(
            ReasonCode.ENVELOPE_INVALID,
            "The body is no envelope of SNS, which format: sns expects: " + detail));
  }

  private static Origin origin(software.amazon.awssdk.services.sqs.model.Message received) {
    return new Origin(
        SourceKind.SQS,
        received.messageId(),
        sentAt(received),
        attempt(received),
        attributes(received, Map.of()));
  }

  private static Instant sentAt(software.amazon.awssdk.services.sqs.model.Message received) {
    String millis = received.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP);
    return millis == null ? Instant.now() : Instant.ofEpochMilli(Long.parseLong(millis));
  }

  static int attempt(software.amazon.awssdk.services.sqs.model.Message received) {
    String count = received.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    return count == null ? 1 : Math.max(1, Integer.parseInt(count));
  }

  /** A producer's attribute goes before one of SQS, except before the one that says the order. */
  private static Map<String, String> attributes(
      software.amazon.awssdk.services.sqs.model.Message received, Map<String, String> enveloped) {
    Map<String, String> attributes = new HashMap<>();
    received.messageAttributes().forEach((name, value) -> attributes.put(name, text(value)));
    attributes.putAll(enveloped);
    String sequence = received.attributes().get(MessageSystemAttributeName.SEQUENCE_NUMBER);
    if (sequence != null) {
      attributes.put(MessageSystemAttributeName.SEQUENCE_NUMBER.toString(), sequence);
    }
    for (MessageSystemAttributeName kept : KEPT) {
      String value = received.attributes().get(kept);
      if (value != null) {
        attributes.putIfAbsent(kept.toString(), value);
      }
    }
    return attributes;
  }

  /** As in the envelope of SNS: the text, or bytes in Base64. */
  private static String text(MessageAttributeValue value) {
    return value.stringValue() != null
        ? value.stringValue()
        : Base64.getEncoder().encodeToString(value.binaryValue().asByteArray());
  }
}
