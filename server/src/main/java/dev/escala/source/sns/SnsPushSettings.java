package dev.escala.source.sns;

import dev.escala.config.Section;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What SNS may push to a topic.
 *
 * @param topicArns the topics of SNS whose notifications are taken, at least one
 * @param topic the topic that they belong to
 * @param endpoint of the API that confirms subscriptions; null: the region's; one without TLS is an
 *     emulator and gets no real credentials
 * @param minSignatureVersion 1 is SHA-1, 2 is SHA-256
 * @param replayWindow how old a notification may be
 * @param confirm whether new subscriptions are confirmed
 * @param raw whether raw delivery is taken from callers who say who they are
 */
public record SnsPushSettings(
    List<String> topicArns,
    String topic,
    @Nullable URI endpoint,
    int minSignatureVersion,
    Duration replayWindow,
    boolean confirm,
    boolean raw) {
  /** SNS tries for an hour at most. */
  static final Duration REPLAY_WINDOW = Duration.ofHours(2);

  private static final int SHA_256 = 2;

  public SnsPushSettings {
    topicArns = List.copyOf(topicArns);
  }

  /** Reads the section {@code sns} of a source. */
  public static SnsPushSettings read(Section section) {
    return new SnsPushSettings(
        topicArns(section),
        section.text("topic"),
        section.address("endpoint", "http://localhost:4566").orElse(null),
        section.integer("min-signature-version", SHA_256, 1, SHA_256),
        section.duration("replay-window", REPLAY_WINDOW),
        section.flag("confirm", true),
        section.flag("raw", false));
  }

  private static List<String> topicArns(Section section) {
    List<String> given = section.texts("topic-arn");
    if (given.isEmpty()) {
      section.reject("topic-arn", "is missing");
    }
    List<String> good = new ArrayList<>();
    for (String arn : given) {
      if (TopicArn.parse(arn).isPresent()) {
        good.add(arn);
      } else {
        section.reject(
            "topic-arn",
            "must be the ARN of a standard topic, such as"
                + " arn:aws:sns:eu-west-1:123456789012:name, not "
                + arn);
      }
    }
    return good;
  }
}
