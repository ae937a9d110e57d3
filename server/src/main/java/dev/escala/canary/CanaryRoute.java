package dev.escala.canary;

import dev.escala.config.Section;
import java.util.regex.Pattern;

/**
 * {@code topics.NAME.canary}: where the markers of a topic are published.
 *
 * @param address of the SNS topic or the queue, else empty
 */
public record CanaryRoute(To to, String address) {
  /** Kinds of places. */
  public enum To {
    /** Nothing is said: the queue that the topic is read from, else the API. */
    UNSAID,
    /** What the topic is read from: the queue, else the topic of Kafka, else the API. */
    SOURCE,
    /** {@code POST /topics/NAME}, also where there is a queue. */
    HTTP,
    SNS,
    SQS,
    /** Nowhere: the topic has no canary. */
    OFF
  }

  private static final Pattern SNS_ARN = Pattern.compile("arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+");
  private static final Pattern QUEUE_URL = Pattern.compile("https?://[^/]+/.+");

  public static CanaryRoute read(Section topic) {
    String text = topic.text("canary", "");
    if (SNS_ARN.matcher(text).matches()) {
      return new CanaryRoute(To.SNS, text);
    }
    if (QUEUE_URL.matcher(text).matches()) {
      return new CanaryRoute(To.SQS, text);
    }
    return switch (text) {
      case "" -> new CanaryRoute(To.UNSAID, "");
      case "source" -> new CanaryRoute(To.SOURCE, "");
      case "http" -> new CanaryRoute(To.HTTP, "");
      case "off" -> new CanaryRoute(To.OFF, "");
      default -> {
        topic.reject(
            "canary",
            "must be source, http, off, the ARN of an SNS topic or the URL of a queue, not "
                + text);
        yield new CanaryRoute(To.UNSAID, "");
      }
    };
  }
}
