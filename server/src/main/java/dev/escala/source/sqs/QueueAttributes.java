package dev.escala.source.sqs;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * How a queue is set up.
 *
 * @param visibility how long a message that was received stays hidden
 * @param retention how long a message is kept, from when it was sent
 * @param fifo whether messages of a group are in order
 * @param redrive where messages go that are received too often; null: they stay
 */
record QueueAttributes(
    Duration visibility, Duration retention, boolean fifo, @Nullable Redrive redrive) {
  private static final String DEFAULT_VISIBILITY = "30";
  private static final String DEFAULT_RETENTION = "345600";

  /** The policy by which SQS moves messages to a dead-letter queue. */
  record Redrive(String deadLetterArn, int maxReceiveCount) {
    private static final Pattern ARN =
        Pattern.compile("\"deadLetterTargetArn\"\\s*:\\s*\"([^\"]+)\"");

    /** SQS gives it as a number or as a text, as it was set. */
    private static final Pattern COUNT =
        Pattern.compile("\"maxReceiveCount\"\\s*:\\s*\"?(\\d{1,4})");

    /** Of the JSON in the attribute; empty where there is none. */
    static Optional<Redrive> of(Map<QueueAttributeName, String> attributes) {
      String json = attributes.getOrDefault(QueueAttributeName.REDRIVE_POLICY, "");
      Matcher arn = ARN.matcher(json);
      Matcher count = COUNT.matcher(json);
      return arn.find() && count.find()
          ? Optional.of(new Redrive(arn.group(1), Integer.parseInt(count.group(1))))
          : Optional.empty();
    }

    /** The name of the dead-letter queue. */
    String queue() {
      return deadLetterArn.substring(deadLetterArn.lastIndexOf(':') + 1);
    }

    /** The URL of that queue, which stands in the account and region of the one that it serves. */
    String urlBeside(String url) {
      return url.substring(0, url.lastIndexOf('/') + 1) + queue();
    }
  }

  /** Of all the attributes of a queue. */
  static QueueAttributes of(Map<QueueAttributeName, String> attributes) {
    return new QueueAttributes(
        seconds(attributes, QueueAttributeName.VISIBILITY_TIMEOUT, DEFAULT_VISIBILITY),
        seconds(attributes, QueueAttributeName.MESSAGE_RETENTION_PERIOD, DEFAULT_RETENTION),
        Boolean.parseBoolean(attributes.get(QueueAttributeName.FIFO_QUEUE)),
        Redrive.of(attributes).orElse(null));
  }

  private static Duration seconds(
      Map<QueueAttributeName, String> attributes, QueueAttributeName name, String otherwise) {
    return Duration.ofSeconds(Long.parseLong(attributes.getOrDefault(name, otherwise)));
  }

  /** For people. */
  String text() {
    return "%s, hides for %s, keeps for %s, %s"
        .formatted(
            fifo ? "FIFO" : "standard",
            shown(visibility),
            shown(retention),
            redrive == null
                ? "no redrive policy"
                : "to %s after %d receipts".formatted(redrive.queue(), redrive.maxReceiveCount()));
  }

  /** In the largest unit that says it whole, such as 90s or 4d. */
  static String shown(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0 && seconds > 0) {
      return duration.toDays() + "d";
    }
    if (seconds % 3_600 == 0 && seconds > 0) {
      return duration.toHours() + "h";
    }
    return seconds % 60 == 0 && seconds > 60 ? duration.toMinutes() + "m" : seconds + "s";
  }
}
