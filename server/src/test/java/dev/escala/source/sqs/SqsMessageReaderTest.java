package dev.escala.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.SourceKind;
import dev.escala.source.sns.SnsEnvelope;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class SqsMessageReaderTest {
  private static final Instant SENT = Instant.parse("2026-11-24T12:00:01Z");
  private static final Instant PUBLISHED = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final String ENVELOPE =
      new SnsEnvelope(
              "sns-id",
              "arn:aws:sns:eu-west-1:1:x",
              "Hello",
              "{\"n\":1}",
              PUBLISHED,
              Map.of("carrier", "XY"))
          .wrap();

  private static Message read(SqsFormat format, String body) {
    return new SqsMessageReader("departures", format)
        .read(
            software.amazon.awssdk.services.sqs.model.Message.builder()
                .messageId("sqs-id")
                .receiptHandle("handle")
                .body(body)
                .attributes(
                    Map.of(
                        MessageSystemAttributeName.SENT_TIMESTAMP,
                        Long.toString(SENT.toEpochMilli()),
                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                        "3",
                        MessageSystemAttributeName.MESSAGE_GROUP_ID,
                        "group"))
                .messageAttributes(
                    Map.of(
                        "colour", MessageAttributeValue.builder().stringValue("red").build(),
                        "bytes",
                            MessageAttributeValue.builder()
                                .binaryValue(SdkBytes.fromUtf8String("hi"))
                                .build()))
                .build());
  }

  @Test
  void theTraceContextIsKept() {
    String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    String root = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
    Message message =
        new SqsMessageReader("departures", SqsFormat.AUTO)
            .read(
                software.amazon.awssdk.services.sqs.model.Message.builder()
                    .messageId("sqs-id")
                    .body("{}")
                    .attributes(Map.of(MessageSystemAttributeName.AWS_TRACE_HEADER, root))
                    .messageAttributes(
                        Map.of(
                            "traceparent",
                            MessageAttributeValue.builder().stringValue(parent).build()))
                    .build());

    assertThat(message.origin().attributes())
        .containsOnly(Map.entry("AWSTraceHeader", root), Map.entry("traceparent", parent));
  }

  @Test
  void noProducerSaysWhereAMessageStandsInItsGroup() {
    software.amazon.awssdk.services.sqs.model.Message received =
        software.amazon.awssdk.services.sqs.model.Message.builder()
            .messageId("sqs-id")
            .body(
                new SnsEnvelope(
                        "sns-id",
                        "arn:aws:sns:eu-west-1:1:x.fifo",
                        null,
                        "{}",
                        PUBLISHED,
                        Map.of("SequenceNumber", "2", "AWSTraceHeader", "mine"))
                    .wrap())
            .attributes(
                Map.of(
                    MessageSystemAttributeName.SEQUENCE_NUMBER, "18850000000000000001",
                    MessageSystemAttributeName.AWS_TRACE_HEADER, "theirs"))
            .messageAttributes(
                Map.of("SequenceNumber", MessageAttributeValue.builder().stringValue("1").build()))
            .build();
    Message message = new SqsMessageReader("departures", SqsFormat.AUTO).read(received);

    assertThat(message.origin().sequence()).isEqualTo("18850000000000000001");
    assertThat(message.origin().attributes()).containsEntry("AWSTraceHeader", "mine");
  }

  private static Rejection unreadable(Message message) {
    return Objects.requireNonNull(message.unreadable());
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "SNS"})
  void anEnvelopeIsOpened(SqsFormat format) {
    Message message = read(format, ENVELOPE);

    assertThat(message.payload().text()).isEqualTo("{\"n\":1}");
    assertThat(message.unreadable()).isNull();
    assertThat(message.origin().source()).isEqualTo(SourceKind.SNS);
    assertThat(message.origin().messageId()).isEqualTo("sns-id");
    assertThat(message.origin().publishedAt()).isEqualTo(PUBLISHED);
    assertThat(message.origin().attempt()).isEqualTo(3);
    assertThat(message.origin().attributes())
        .containsEntry("carrier", "XY")
        .containsEntry("Subject", "Hello");
  }

  @Test
  void aPayloadThatImitatesAnEnvelopeStaysOneUnderFormatRaw() {
    Message message = read(SqsFormat.RAW, ENVELOPE);

    assertThat(message.payload().text()).isEqualTo(ENVELOPE);
    assertThat(message.origin().messageId()).isEqualTo("sqs-id");
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "RAW"})
  void aBodyWithoutEnvelopeIsThePayload(SqsFormat format) {
    Message message = read(format, "{\"TopicArn\":\"mine\"}");

    assertThat(message.payload().text()).isEqualTo("{\"TopicArn\":\"mine\"}");
    assertThat(message.unreadable()).isNull();
    assertThat(message.origin().source()).isEqualTo(SourceKind.SQS);
    assertThat(message.origin().messageId()).isEqualTo("sqs-id");
    assertThat(message.origin().publishedAt()).isEqualTo(SENT);
    assertThat(message.origin().attributes())
        .containsOnly(
            Map.entry("colour", "red"),
            Map.entry("bytes", "aGk="),
            Map.entry("MessageGroupId", "group"));
  }

  @Test
  void aBrokenEnvelopeIsKeptWholeWithTheReason() {
    String broken = ENVELOPE.replace("\"TopicArn\"", "\"Topic\"");
    Message message = read(SqsFormat.SNS, broken);

    assertThat(message.payload().text()).isEqualTo(broken);
    assertThat(unreadable(message).reason()).isEqualTo(ReasonCode.ENVELOPE_INVALID);
    assertThat(unreadable(message).detail()).contains("TopicArn");
    assertThat(message.origin().messageId()).isEqualTo("sqs-id");
  }
}
