package dev.escala.source.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.source.sns.FakeSns.Posted;
import dev.escala.source.sns.PushRefused.Reason;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a body, and the text that AWS documents as signed. */
class PushedMessageTest {
  private static final Posted NOTIFICATION =
      FakeSns.notification("{\"n\":1}")
          .with("MessageId", "id-1")
          .with("Timestamp", "2026-11-24T12:00:00.100Z")
          .with("Signature", "c2lnbmVk");

  private static PushedMessage read(Posted posted) {
    try {
      return EnvelopeReader.readPushed(posted.body());
    } catch (PushRefused refusal) {
      throw new AssertionError(refusal);
    }
  }

  private static Reason refusal(String body) {
    return catchThrowableOfType(PushRefused.class, () -> EnvelopeReader.readPushed(body)).reason();
  }

  @Test
  void ofANotificationSixTextsAreSigned() {
    assertThat(read(NOTIFICATION.with("Subject", "late")).signedText())
        .isEqualTo(
            """
            Message
            {"n":1}
            MessageId
            id-1
            Subject
            late
            Timestamp
            2026-11-24T12:00:00.100Z
            TopicArn
            arn:aws:sns:eu-west-1:123456789012:departures
            Type
            Notification
            """);
  }

  @Test
  void aSubjectThatIsNotThereIsNotSigned() {
    assertThat(read(NOTIFICATION).signedText()).contains("\nid-1\nTimestamp\n");
    assertThat(read(NOTIFICATION).signedText()).doesNotContain("Subject");
  }

  /** A time that was formatted anew would have lost the zeros. */
  @Test
  void theTimeIsSignedAsItCame() {
    assertThat(read(NOTIFICATION.with("Timestamp", "2026-11-24T12:00:00.000Z")).signedText())
        .contains("\n2026-11-24T12:00:00.000Z\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SubscriptionConfirmation", "UnsubscribeConfirmation"})
  void ofAConfirmationSevenTextsAreSigned(String type) {
    Posted posted =
        FakeSns.confirmation(type)
            .with("Message", "Line\nand line")
            .with("MessageId", "id-1")
            .with("SubscribeURL", "https://sns.example/")
            .with("Timestamp", "2026-11-24T12:00:00.100Z")
            .with("Signature", "c2lnbmVk");
    assertThat(read(posted).signedText())
        .isEqualTo(
            """
            Message
            Line
            and line
            MessageId
            id-1
            SubscribeURL
            https://sns.example/
            Timestamp
            2026-11-24T12:00:00.100Z
            Token
            token-1
            TopicArn
            arn:aws:sns:eu-west-1:123456789012:departures
            Type
            """
                + type
                + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Type",
        "MessageId",
        "TopicArn",
        "Message",
        "Timestamp",
        "SignatureVersion",
        "Signature",
        "SigningCertURL"
      })
  void whatLacksATextIsNone(String name) {
    assertThat(refusal(NOTIFICATION.without(name).body())).isEqualTo(Reason.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Token", "SubscribeURL"})
  void aConfirmationHasMore(String name) {
    Posted whole = FakeSns.confirmation("SubscriptionConfirmation").with("Signature", "c2lnbmVk");
    assertThat(refusal(whole.without(name).body())).isEqualTo(Reason.MALFORMED);
  }

  /** Else the lines of one text could be read as others that were never signed as such. */
  @ParameterizedTest
  @ValueSource(strings = {"MessageId", "Subject", "Timestamp", "TopicArn", "SigningCertURL"})
  void onlyTheMessageHasLines(String name) {
    Posted cut = NOTIFICATION.with(name, NOTIFICATION.text(name) + "\nTimestamp\nx");
    assertThat(refusal(cut.body())).isEqualTo(Reason.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "[]", "\"x\"", "{", "{}", "{}{}", "{\"Type\":\"a\",\"Type\":\"b\"}"})
  void whatIsNoObjectIsNone(String body) {
    assertThat(refusal(body)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void aTimeHasToBeOne() {
    assertThat(refusal(NOTIFICATION.with("Timestamp", "yesterday").body()))
        .isEqualTo(Reason.MALFORMED);
  }

  @Property(tries = 200)
  void readingFailsInOneWayOnly(@ForAll String text) {
    assertThat(refusal(text)).isEqualTo(Reason.MALFORMED);
    assertThat(refusal("{\"Type\":" + text)).isEqualTo(Reason.MALFORMED);
  }
}
