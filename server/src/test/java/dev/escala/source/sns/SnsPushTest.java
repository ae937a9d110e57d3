package dev.escala.source.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import dev.escala.model.Message;
import dev.escala.model.SourceKind;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.NotificationRefused;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observation.SubscriptionConfirmed;
import dev.escala.observe.Observation.SubscriptionEnded;
import dev.escala.source.sns.Authority.Subject;
import dev.escala.source.sns.FakeSns.Posted;
import dev.escala.source.sns.PushRefused.Reason;
import dev.escala.source.sns.SnsPush.Taken;
import dev.escala.testing.RecordingObserver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken of what is pushed, and that nothing happens before it is verified. */
class SnsPushTest {
  private static final String CLIENT = "192.0.2.1";
  private static final Posted GOOD = FakeSns.notification("{\"n\":1}");
  private static final Posted SUBSCRIPTION = FakeSns.confirmation("SubscriptionConfirmation");

  private final FakeSns sns = new FakeSns();
  private final RecordingObserver observer = new RecordingObserver();
  private volatile Duration passed = Duration.ZERO;
  private SnsPush push = push(2, true, false);

  private SnsPush push(int minVersion, boolean confirm, boolean raw) {
    SnsPushSettings settings =
        new SnsPushSettings(
            List.of(FakeSns.ARN),
            "departures",
            sns.endpoint(),
            minVersion,
            SnsPushSettings.REPLAY_WINDOW,
            confirm,
            raw);
    InstantSource time = () -> Instant.now().plus(passed);
    return new SnsPush(settings, sns.certificates(), time.withZone(ZoneOffset.UTC), observer);
  }

  @AfterEach
  void stop() {
    push.close();
    sns.close();
  }

  private static byte[] bytes(Posted posted) {
    return posted.body().getBytes(StandardCharsets.UTF_8);
  }

  private Message message(Posted posted) throws PushRefused {
    push.admit(posted.head(), false);
    return push.take(posted.head(), bytes(posted), CLIENT) instanceof Taken.Notification taken
        ? taken.message()
        : fail("no notification");
  }

  private Reason refusal(PushHead head, Posted posted) {
    Reason reason =
        catchThrowableOfType(PushRefused.class, () -> push.take(head, bytes(posted), CLIENT))
            .reason();
    assertThat(observer.all(NotificationRefused.class))
        .last()
        .satisfies(seen -> assertThat(seen.reason()).isEqualTo(reason.label()));
    return reason;
  }

  private Reason refusal(Posted posted) {
    return refusal(posted.head(), posted);
  }

  @Test
  void aNotificationIsAMessage() throws PushRefused {
    Posted posted = GOOD.with("Subject", "late").signed();
    Message message = message(posted);
    assertThat(message.topic()).isEqualTo("departures");
    assertThat(message.payload().text()).isEqualTo("{\"n\":1}");
    assertThat(message.unreadable()).isNull();
    assertThat(message.origin().source()).isEqualTo(SourceKind.SNS);
    assertThat(message.origin().messageId()).isEqualTo(posted.text("MessageId"));
    assertThat(message.origin().publishedAt()).isEqualTo(Instant.parse(posted.text("Timestamp")));
    assertThat(message.origin().attributes()).isEqualTo(Map.of("Subject", "late"));
  }

  @Test
  void attributesComeAlong() throws PushRefused {
    Posted posted = GOOD.signed();
    String body =
        posted.body().replaceFirst("}$", ",\"MessageAttributes\":{\"a\":{\"Value\":\"b\"}}}");
    Taken taken = push.take(posted.head(), body.getBytes(StandardCharsets.UTF_8), CLIENT);
    assertThat(taken)
        .isInstanceOfSatisfying(
            Taken.Notification.class,
            notification ->
                assertThat(notification.message().origin().attributes())
                    .isEqualTo(Map.of("a", "b")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ünïcode 🛫", "a\nb\r\n\tc", "\\u0000 \"quoted\""})
  void anyTextIsSigned(String text) throws PushRefused {
    assertThat(message(FakeSns.notification(text).signed()).payload().text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "Message, {}",
    "MessageId, 7",
    "Timestamp, 2026-11-24T12:00:00Z",
    "Subject, another",
    "Signature, c2lnbmVk",
    "Signature, '!'",
    "SignatureVersion, 1"
  })
  void whatIsChangedIsRefused(String name, String text) {
    push = push(1, true, false);
    Posted changed = GOOD.signed().with(name, text);
    assertThat(refusal(changed)).isIn(Reason.SIGNATURE, Reason.TIMESTAMP);
  }

  @Test
  void aSubjectThatIsLeftOutIsMissed() {
    assertThat(refusal(GOOD.with("Subject", "late").signed().without("Subject")))
        .isEqualTo(Reason.SIGNATURE);
  }

  @Test
  void anotherKeyIsNotThatOfTheCertificate() {
    assertThat(refusal(GOOD.signed(Authority.newKeys(2048)))).isEqualTo(Reason.SIGNATURE);
  }

  /** The certificate is good, but a message of another kind was signed. */
  @Test
  void aNotificationIsNoConfirmation() {
    Posted posted = SUBSCRIPTION.signed();
    assertThat(refusal(posted.with("Type", "Notification"))).isEqualTo(Reason.SIGNATURE);
    assertThat(refusal(posted.with("Type", "UnsubscribeConfirmation"))).isEqualTo(Reason.SIGNATURE);
  }

  @ParameterizedTest
  @CsvSource({
    "SubscriptionConfirmation, arn:aws:sns:eu-west-1:123456789012:departures, 1",
    "Notification, arn:aws:sns:eu-west-1:123456789012:other, 1",
    "Notification, arn:aws:sns:eu-west-1:123456789012:departures, 2",
    "Notification, arn:aws:sns:eu-west-1:123456789012:departures,",
    ", arn:aws:sns:eu-west-1:123456789012:departures, 1",
    "Notification,, 1"
  })
  void headersThatDisagreeAreRefused(String type, String arn, String id) {
    Posted posted = GOOD.with("MessageId", "1").signed();
    assertThat(refusal(new PushHead(type, id, arn, null), posted)).isEqualTo(Reason.HEADERS);
    assertThat(sns.fetched).isEmpty();
  }

  @Test
  void anotherTopicIsRefused() {
    Posted posted = GOOD.with("TopicArn", "arn:aws:sns:eu-west-1:123456789012:other").signed();
    assertThat(refusal(posted)).isEqualTo(Reason.TOPIC);
    assertThat(admission(posted.head(), false)).isEqualTo(Reason.TOPIC);
    assertThat(sns.fetched).isEmpty();
  }

  private Reason admission(PushHead head, boolean isLocked) {
    return catchThrowableOfType(PushRefused.class, () -> push.admit(head, isLocked)).reason();
  }

  @Test
  void theFirstVersionHasToBeAllowed() throws PushRefused {
    Posted old = GOOD.with("SignatureVersion", "1").signed();
    assertThat(refusal(old)).isEqualTo(Reason.VERSION);
    assertThat(sns.fetched).isEmpty();
    push = push(1, true, false);
    assertThat(message(old)).isNotNull();
    assertThat(message(GOOD.signed())).isNotNull();
    assertThat(refusal(GOOD.signed().with("SignatureVersion", "3"))).isEqualTo(Reason.VERSION);
  }

  @Test
  void whatIsReplayedLaterIsRefused() throws PushRefused {
    Instant now = Instant.now();
    Duration window = SnsPushSettings.REPLAY_WINDOW;
    assertThat(message(at(now.minus(window).plusSeconds(60)))).isNotNull();
    assertThat(message(at(now.plusSeconds(60)))).isNotNull();
    assertThat(refusal(at(now.minus(window).minusSeconds(60)))).isEqualTo(Reason.TIMESTAMP);
    assertThat(refusal(at(now.plus(PushVerifier.AHEAD).plusSeconds(60))))
        .isEqualTo(Reason.TIMESTAMP);
  }

  private static Posted at(Instant time) {
    return GOOD.with("Timestamp", time.toString()).signed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com/other.pem",
        "http://169.254.169.254/latest/meta-data"
      })
  void aCertificateFromElsewhereIsNotFetched(String url) {
    assertThat(refusal(GOOD.with("SigningCertURL", url).signed())).isEqualTo(Reason.CERTIFICATE);
    assertThat(sns.fetched).isEmpty();
  }

  @Test
  void anExpiredCertificateIsRefused() {
    Instant now = Instant.now();
    sns.put(
        FakeSns.CERTIFICATE_AT,
        FakeSns.certificate(
            Subject.of("sns.amazonaws.com").valid(now.minusSeconds(600), now.minusSeconds(60))));
    assertThat(refusal(GOOD.signed())).isEqualTo(Reason.CERTIFICATE);
  }

  @Test
  void aSubscriptionIsConfirmedByTheApi() throws PushRefused {
    Posted posted = SUBSCRIPTION.signed();
    assertThat(push.take(posted.head(), bytes(posted), CLIENT)).isInstanceOf(Taken.Done.class);
    assertThat(sns.called)
        .singleElement()
        .satisfies(
            form ->
                assertThat(form)
                    .containsEntry("Action", "ConfirmSubscription")
                    .containsEntry("TopicArn", FakeSns.ARN)
                    .containsEntry("Token", "token-1")
                    .containsEntry("AuthenticateOnUnsubscribe", "true"));
    assertThat(observer.all(SubscriptionConfirmed.class))
        .containsExactly(new SubscriptionConfirmed("departures", FakeSns.ARN));
    assertThat(report().details()).containsKey("last_confirmed_seconds_ago");
  }

  private HealthProbe.Report report() {
    return push.check().toCompletableFuture().join();
  }

  @Test
  void theAddressForItIsNeverAsked() throws PushRefused {
    Posted posted = SUBSCRIPTION.with("SubscribeURL", "http://169.254.169.254/latest/").signed();
    assertThat(push.take(posted.head(), bytes(posted), CLIENT)).isInstanceOf(Taken.Done.class);
    assertThat(sns.fetched).containsExactly(URI.create(FakeSns.CERTIFICATE_AT));
    assertThat(sns.called).hasSize(1);
  }

  @Test
  void whoRepeatsAConfirmationHasTheApiAskedOnce() throws PushRefused {
    Posted posted = SUBSCRIPTION.signed();
    for (int i = 0; i < 5; i++) {
      assertThat(push.take(posted.head(), bytes(posted), CLIENT)).isInstanceOf(Taken.Done.class);
    }
    assertThat(sns.called).hasSize(1);
  }

  @Test
  void aForgedConfirmationDoesNothing() {
    assertThat(refusal(SUBSCRIPTION.signed().with("Token", "mine"))).isEqualTo(Reason.SIGNATURE);
    assertThat(sns.called).isEmpty();
    assertThat(observer.all(SubscriptionConfirmed.class)).isEmpty();
  }

  @Test
  void anApiThatRefusesIsTriedAgain() throws PushRefused {
    sns.refuse(true);
    Posted posted = SUBSCRIPTION.signed();
    assertThat(refusal(posted)).isEqualTo(Reason.UNAVAILABLE);
    assertThat(refusal(posted)).isEqualTo(Reason.UNAVAILABLE);
    assertThat(observer.all(SourceFailed.class)).hasSize(1);
    assertThat(report().status()).isEqualTo(HealthProbe.Status.WARN);
    sns.refuse(false);
    assertThat(push.take(posted.head(), bytes(posted), CLIENT)).isInstanceOf(Taken.Done.class);
    assertThat(observer.all(SourceRecovered.class)).hasSize(1);
    assertThat(report().status()).isEqualTo(HealthProbe.Status.OK);
  }

  /** Somebody gave up; health is not bad for ever. */
  @Test
  void aFailureIsOverWhenSnsTriesNoMore() {
    sns.refuse(true);
    assertThat(refusal(SUBSCRIPTION.signed())).isEqualTo(Reason.UNAVAILABLE);
    assertThat(report().status()).isEqualTo(HealthProbe.Status.WARN);
    passed = Duration.ofMinutes(61);
    assertThat(report().status()).isEqualTo(HealthProbe.Status.OK);
  }

  @Test
  void whereNoneIsWantedNoneIsConfirmed() throws PushRefused {
    push = push(2, false, false);
    assertThat(refusal(SUBSCRIPTION.signed())).isEqualTo(Reason.SUBSCRIPTION);
    assertThat(sns.called).isEmpty();
    assertThat(message(GOOD.signed())).isNotNull();
  }

  @Test
  void theEndOfASubscriptionIsSeen() throws PushRefused {
    Posted posted = FakeSns.confirmation("UnsubscribeConfirmation").signed();
    assertThat(push.take(posted.head(), bytes(posted), CLIENT)).isInstanceOf(Taken.Done.class);
    assertThat(observer.all(SubscriptionEnded.class)).hasSize(1);
    assertThat(sns.called).isEmpty();
  }

  @Test
  void rawIsTakenOnlyWhereBothSay() throws PushRefused {
    PushHead raw = new PushHead("Notification", "id-1", FakeSns.ARN, "true");
    assertThat(admission(raw, true)).isEqualTo(Reason.RAW);
    push = push(2, true, true);
    assertThat(admission(raw, false)).isEqualTo(Reason.RAW);
    push.admit(raw, true);
    Message message = push.raw(raw, new byte[] {'{', '}'});
    assertThat(message.payload().text()).isEqualTo("{}");
    assertThat(message.origin().messageId()).isEqualTo("id-1");
    PushHead without = new PushHead("Notification", "a b", FakeSns.ARN, "true");
    assertThat(catchThrowableOfType(PushRefused.class, () -> push.raw(without, new byte[1])))
        .isNotNull();
  }

  @Test
  void headersThatAreNoneOfSnsAreRefused() {
    assertThat(admission(new PushHead("Other", "1", FakeSns.ARN, null), true))
        .isEqualTo(Reason.HEADERS);
    assertThat(admission(new PushHead(null, null, null, null), true)).isEqualTo(Reason.HEADERS);
  }

  @Test
  void healthTellsOfTheLastNotification() throws PushRefused {
    assertThat(push.name()).isEqualTo("sns push departures");
    assertThat(report().details()).containsEntry("silent_since_start", true);
    var _ = message(GOOD.signed());
    assertThat(report().details())
        .containsEntry("silent_since_start", false)
        .containsKey("last_notification_seconds_ago");
  }
}
