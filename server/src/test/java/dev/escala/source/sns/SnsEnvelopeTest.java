package dev.escala.source.sns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.source.sns.SnsEnvelope.Opened;
import java.time.Instant;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnsEnvelopeTest {
  private static final String ARN = "arn:aws:sns:eu-west-1:123456789012:departures";
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static SnsEnvelope envelope(String message, Map<String, String> attributes) {
    return new SnsEnvelope("id-1", ARN, null, message, NOON, attributes);
  }

  @Property(tries = 300)
  void wrappingAndOpeningIsIdentity(
      @ForAll String message,
      @ForAll String subject,
      @ForAll @Size(max = 5) Map<String, String> attributes) {
    SnsEnvelope wrapped = new SnsEnvelope("id-1", ARN, subject, message, NOON, attributes);

    assertThat(SnsEnvelope.maybe(wrapped.wrap())).isTrue();
    assertThat(SnsEnvelope.open(wrapped.wrap())).isEqualTo(new Opened.Envelope(wrapped));
  }

  @Property(tries = 300)
  void openingNeverThrows(@ForAll String text) {
    assertThat(SnsEnvelope.open(text)).isInstanceOf(Opened.NoEnvelope.class);
    assertThat(SnsEnvelope.open("{\"Type\":" + text)).isInstanceOf(Opened.NoEnvelope.class);
  }

  @Test
  void itLooksLikeWhatAQueueGets() {
    assertThat(envelope("{\"n\":1}", Map.of("carrier", "XY")).wrap())
        .isEqualTo(
            """
            {
              "Type" : "Notification",
              "MessageId" : "id-1",
              "TopicArn" : "arn:aws:sns:eu-west-1:123456789012:departures",
              "Message" : "{\\"n\\":1}",
              "Timestamp" : "2026-11-24T12:00:00.000Z",
              "SignatureVersion" : "1",
              "Signature" : "EXAMPLE",
              "SigningCertURL" : "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-example.pem",
              "UnsubscribeURL" : "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:eu-west-1:123456789012:departures:example",
              "MessageAttributes" : {
                "carrier" : {"Type":"String","Value":"XY"}
              }
            }\
            """);
  }

  @Test
  void unknownMembersAndAttributesWithoutTextAreNoObstacle() {
    String json =
        """
        {"Type":"Notification","MessageId":"a","TopicArn":"b","Message":"","New":[{"x":1}],
         "Timestamp":"2026-11-24T12:00:00.123Z","SequenceNumber":"1",
         "MessageAttributes":{"n":{"Type":"Number","Value":"7"},"odd":{"Value":3},"flat":null}}
        """;

    Opened opened = SnsEnvelope.open(json);

    assertThat(opened)
        .isEqualTo(
            new Opened.Envelope(
                new SnsEnvelope("a", "b", null, "", NOON.plusMillis(123), Map.of("n", "7"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [1] | no JSON object
          {"Type":"Notification" | not well-formed
          {"Type":"Notification"} | no text MessageId
          {"Type":"Notification","Type":"Notification"} | not well-formed
          {"Type":"X","MessageId":"a","TopicArn":"b","Message":"","Timestamp":"t"} | Its Type is X
          {"Type":"Notification","MessageId":"a","TopicArn":"b","Timestamp":"t"} | no text Message
          {"Type":"Notification","MessageId":"a","TopicArn":"b","Message":{},"Timestamp":"t"} | no text Message
          {"Type":"Notification","MessageId":"a","TopicArn":"b","Message":"","Timestamp":"t"} | no instant
          {"Type":"Notification","MessageId":"a","TopicArn":"b","Message":"","Timestamp":"2026-11-24T12:00:00Z"} 1 | Something follows
          """)
  void whatIsNotCompleteIsNoEnvelope(String text, String why) {
    assertThat(SnsEnvelope.open(text))
        .isInstanceOfSatisfying(
            Opened.NoEnvelope.class, opened -> assertThat(opened.detail()).contains(why));
  }
}
