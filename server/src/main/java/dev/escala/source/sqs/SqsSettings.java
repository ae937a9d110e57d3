package dev.escala.source.sqs;

import dev.escala.config.Heap;
import dev.escala.config.Section;
import dev.escala.config.WebAddress;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A queue to read.
 *
 * @param queue the URL of the queue
 * @param topic the topic that its messages belong to
 * @param region null: the one in the queue's URL, else that of the environment
 * @param endpoint null: the region's; one without TLS is an emulator and gets no real credentials
 * @param s3 where bodies may be that are not in the queue
 */
public record SqsSettings(
    String queue,
    String topic,
    SqsFormat format,
    @Nullable String region,
    @Nullable URI endpoint,
    Polling polling,
    Limits permits,
    S3Settings s3) {

  /**
   * How the queue is asked.
   *
   * @param longPoll how long a poll waits for messages; SQS allows up to 20 seconds
   */
  public record Polling(int minPollers, int maxPollers, Duration longPoll) {
    /** Sixteen polls at a time carry about 8,000 messages a second at 20 ms each. */
    public static final Polling DEFAULT = new Polling(1, 16, Duration.ofSeconds(20));

    public Polling {
      if (minPollers < 1 || maxPollers < minPollers) {
        throw new IllegalArgumentException("pollers from " + minPollers + " to " + maxPollers);
      }
      if (longPoll.isNegative() || longPoll.toSeconds() > 20) {
        throw new IllegalArgumentException("SQS waits at most 20 s, not " + longPoll);
      }
    }
  }

  /** How much is held unsettled at most, in messages and in bytes of their bodies. */
  public record Limits(int messages, long bytes) {
    public static final Limits DEFAULT = new Limits(10_000, Heap.part(8, 64 << 20));
  }

  public static SqsSettings of(String queue, String topic) {
    return new SqsSettings(
        queue, topic, SqsFormat.AUTO, null, null, Polling.DEFAULT, Limits.DEFAULT, S3Settings.NONE);
  }

  /** The name of the queue, which its URL ends with. */
  public String name() {
    return queue.substring(queue.lastIndexOf('/') + 1);
  }

  /** Another queue that is reached and filled in the same way. */
  public SqsSettings ofQueue(String url) {
    return new SqsSettings(url, topic, format, region, endpoint, polling, permits, s3);
  }

  /** Reads the section {@code sqs} of a source. */
  public static SqsSettings read(Section section) {
    return new SqsSettings(
        queue(section),
        section.text("topic"),
        section.choice("format", SqsFormat.AUTO),
        section.optionalText("region").orElse(null),
        section.address("endpoint", "http://localhost:9324").orElse(null),
        polling(section),
        limits(section.section("permits")),
        S3Settings.read(section.section("s3")));
  }

  private static String queue(Section section) {
    String url = section.text("queue");
    if (!url.isEmpty() && WebAddress.parse(url).isEmpty()) {
      section.reject(
          "queue",
          "must be the URL of the queue, such as"
              + " https://sqs.eu-west-1.amazonaws.com/123456789012/name, not "
              + url);
    }
    return url;
  }

  private static Polling polling(Section section) {
    Section pollers = section.section("pollers");
    int min = pollers.integer("min", Polling.DEFAULT.minPollers(), 1, 100);
    int max = pollers.integer("max", Math.max(min, Polling.DEFAULT.maxPollers()), 1, 100);
    if (max < min) {
      pollers.reject("max", "must not be below min, which is " + min);
    }
    Duration wait = section.duration("wait", Polling.DEFAULT.longPoll());
    if (wait.toSeconds() > 20) {
      section.reject("wait", "must be at most 20s, the longest that SQS waits");
    }
    return new Polling(
        min, Math.max(min, max), wait.toSeconds() > 20 ? Polling.DEFAULT.longPoll() : wait);
  }

  private static Limits limits(Section permits) {
    long bytes = permits.bytes("bytes", Limits.DEFAULT.bytes());
    if (bytes < 1) {
      permits.reject("bytes", "must be at least 1");
    }
    return new Limits(
        permits.integer("messages", Limits.DEFAULT.messages(), 1, 1_000_000), Math.max(1, bytes));
  }
}
