package dev.escala.source.sns;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Payload;
import dev.escala.model.SourceKind;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.NotificationRefused;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observation.SubscriptionConfirmed;
import dev.escala.observe.Observation.SubscriptionEnded;
import dev.escala.observe.Observer;
import dev.escala.source.sns.PushRefused.Reason;
import dev.escala.source.sns.PushedMessage.Kind;
import dev.escala.source.sns.SnsTopic.SnsFailure;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What SNS pushes to one topic: verified, and turned into messages; subscriptions are confirmed. No
 * side effect comes before the signature is checked.
 */
public final class SnsPush implements HealthProbe, AutoCloseable {
  private static final int MOST_REMEMBERED = 100;

  /** SNS does not try any longer, and what is over is for the log. */
  private static final Duration TRIED = Duration.ofHours(1);

  private static final Pattern MESSAGE_ID = Pattern.compile("[A-Za-z0-9-]{1,100}");

  private final SnsPushSettings settings;
  private final PushVerifier verifier;
  private final Confirmations confirmations;
  private final Observer observer;
  private final Clock clock;
  private final AtomicBoolean failing = new AtomicBoolean();
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable Instant lastNotified;
  private volatile @Nullable Instant lastConfirmed;
  private volatile @Nullable Instant lastEnded;
  private volatile @Nullable Instant lastFailed;

  /** Ids of confirmations that were done, lest who repeats one has the API asked again. */
  private final Map<String, Boolean> confirmed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** What a push was, if it was SNS that sent it. */
  public sealed interface Taken {
    /** A message, which is not stored yet. */
    record Notification(Message message) implements Taken {}

    /** About a subscription, and done. */
    record Done() implements Taken {}
  }

  SnsPush(
      SnsPushSettings settings, SigningCertificates certificates, Clock clock, Observer observer) {
    this.settings = settings;
    this.verifier =
        new PushVerifier(
            settings.topicArns().stream()
                .map(arn -> TopicArn.parse(arn).orElseThrow())
                .collect(Collectors.toMap(TopicArn::text, topic -> topic, (one, same) -> one)),
            settings,
            certificates,
            clock);
    this.confirmations = new Confirmations(settings.endpoint());
    this.clock = clock;
    this.observer = observer;
  }

  /** Takes what SNS pushes to the topic of the settings. */
  public static SnsPush open(
      SnsPushSettings settings, SigningCertificates certificates, Observer observer) {
    return new SnsPush(settings, certificates, Clock.systemUTC(), observer);
  }

  public String topic() {
    return settings.topic();
  }

  /**
   * Refuses by the headers alone what cannot be taken; never blocks.
   *
   * @param isLocked whether callers of the server show who they are
   */
  public void admit(PushHead head, boolean isLocked) throws PushRefused {
    try {
      if (head.isRaw() && !(settings.raw() && isLocked)) {
        throw new PushRefused(
            Reason.RAW, "Raw delivery has no signature, and is not taken for this topic");
      }
      if (!Kind.isType(head.type())) {
        throw new PushRefused(Reason.HEADERS, "The header x-amz-sns-message-type is none of SNS");
      }
      var _ = verifier.topic(head.topicArn());
    } catch (PushRefused refusal) {
      throw noted(refusal);
    }
  }

  /**
   * Verifies a push, and does what it is about; waits for a certificate or the API of SNS.
   *
   * @param client who sent it
   * @throws PushRefused if SNS did not send it, or that cannot be known now
   */
  public Taken take(PushHead head, byte[] body, String client) throws PushRefused {
    try {
      PushedMessage message = EnvelopeReader.readPushed(new String(body, StandardCharsets.UTF_8));
      verifier.check(head, message, client);
      return switch (message.kind()) {
        case NOTIFICATION -> notification(message);
        case SUBSCRIPTION -> subscription(message);
        case UNSUBSCRIPTION -> unsubscription(message);
      };
    } catch (PushRefused refusal) {
      throw noted(refusal);
    }
  }

  /**
   * A message that came raw, from a caller who may publish: nothing of SNS but its id, as the
   * headers say.
   */
  public Message raw(PushHead head, byte[] body) throws PushRefused {
    String id = head.messageId();
    if (id == null || !MESSAGE_ID.matcher(id).matches()) {
      throw noted(
          new PushRefused(Reason.HEADERS, "The header x-amz-sns-message-id is none of SNS"));
    }
    lastNotified = clock.instant();
    Origin origin = new Origin(SourceKind.SNS, id, clock.instant(), 1, Map.of());
    return new Message(settings.topic(), Payload.of(body), origin);
  }

  private Taken notification(PushedMessage message) throws PushRefused {
    lastNotified = clock.instant();
    Map<String, String> attributes = new HashMap<>(message.attributes());
    if (message.members().containsKey("Subject")) {
      attributes.putIfAbsent("Subject", message.text("Subject"));
    }
    Origin origin =
        new Origin(SourceKind.SNS, message.text("MessageId"), message.timestamp(), 1, attributes);
    return new Taken.Notification(
        new Message(settings.topic(), Payload.utf8(message.text("Message")), origin));
  }

  private Taken subscription(PushedMessage message) throws PushRefused {
    if (!settings.confirm()) {
      throw new PushRefused(Reason.SUBSCRIPTION, "New subscriptions are not confirmed here");
    }
    String id = message.text("MessageId");
    if (!isConfirmed(id)) {
      confirm(verifier.topic(message.text("TopicArn")), message.text("Token"));
      synchronized (confirmed) {
        confirmed.put(id, true);
      }
    }
    return new Taken.Done();
  }

  private boolean isConfirmed(String id) {
    synchronized (confirmed) {
      return confirmed.containsKey(id);
    }
  }

  private void confirm(TopicArn topic, String token) throws PushRefused {
    try {
      confirmations.confirm(topic, token);
    } catch (SnsFailure failure) {
      lastFailed = clock.instant();
      if (!failing.getAndSet(true)) {
        observer.observed(
            new SourceFailed(
                SourceKind.SNS, settings.topic(), String.valueOf(failure.getMessage())));
      }
      throw new PushRefused(Reason.UNAVAILABLE, "The subscription cannot be confirmed now");
    }
    if (failing.getAndSet(false)) {
      observer.observed(new SourceRecovered(SourceKind.SNS, settings.topic()));
    }
    lastConfirmed = clock.instant();
    observer.observed(new SubscriptionConfirmed(settings.topic(), topic.text()));
  }

  private Taken unsubscription(PushedMessage message) {
    lastEnded = clock.instant();
    observer.observed(new SubscriptionEnded(settings.topic(), message.text("TopicArn")));
    return new Taken.Done();
  }

  private PushRefused noted(PushRefused refusal) {
    refused.incrementAndGet();
    observer.observed(
        new NotificationRefused(
            settings.topic(), refusal.reason().label(), String.valueOf(refusal.getMessage())));
    return refusal;
  }

  @Override
  public String name() {
    return "sns push " + settings.topic();
  }

  /**
   * What was seen since the start. Never worse than ok but where SNS does not confirm: strangers
   * choose what is refused, and a topic may be silent.
   */
  @Override
  public CompletionStage<Report> check() {
    Map<String, Object> details = new LinkedHashMap<>();
    Instant now = clock.instant();
    put(details, "last_notification_seconds_ago", lastNotified, now);
    put(details, "last_confirmed_seconds_ago", lastConfirmed, now);
    put(details, "last_unsubscribed_seconds_ago", lastEnded, now);
    details.put("refused", refused.get());
    details.put("silent_since_start", lastNotified == null);
    Instant failed = lastFailed;
    boolean fails = failing.get() && failed != null && failed.plus(TRIED).isAfter(now);
    return CompletableFuture.completedFuture(new Report(fails ? Status.WARN : Status.OK, details));
  }

  private static void put(
      Map<String, Object> details, String name, @Nullable Instant since, Instant now) {
    if (since != null) {
      details.put(name, Duration.between(since, now).toMillis() / 1000.0);
    }
  }

  @Override
  public void close() {
    confirmations.close();
  }
}
