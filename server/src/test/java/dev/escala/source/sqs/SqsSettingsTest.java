package dev.escala.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqsSettingsTest {
  private static final String QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/flights";

  private static SqsSettings read(String yaml) throws ConfigurationException {
    return ConfigurationFile.read(
        "escala.yaml", yaml, ignored -> null, root -> SqsSettings.read(root.section("sqs")));
  }

  private static List<String> errors(String yaml) {
    return catchThrowableOfType(ConfigurationException.class, () -> read(yaml)).errors();
  }

  @Test
  void aQueueAndATopicAreEnough() throws ConfigurationException {
    assertThat(read("sqs: { queue: '%s', topic: departures }".formatted(QUEUE)))
        .isEqualTo(SqsSettings.of(QUEUE, "departures"));
  }

  @Test
  void everythingCanBeSaid() throws ConfigurationException {
    assertThat(
            read(
                """
                sqs:
                  queue: %s
                  topic: departures
                  format: sns
                  region: eu-central-1
                  endpoint: http://localhost:9324
                  wait: 5s
                  pollers: { min: 2, max: 3 }
                  permits: { messages: 50, bytes: 2MiB }
                  s3: { buckets: [bodies, more], max-bytes: 1MiB, endpoint: "http://localhost:4566" }
                """
                    .formatted(QUEUE)))
        .isEqualTo(
            new SqsSettings(
                QUEUE,
                "departures",
                SqsFormat.SNS,
                "eu-central-1",
                URI.create("http://localhost:9324"),
                new SqsSettings.Polling(2, 3, Duration.ofSeconds(5)),
                new SqsSettings.Limits(50, 2 << 20),
                new S3Settings(
                    List.of("bodies", "more"), 1 << 20, URI.create("http://localhost:4566"))));
  }

  @Test
  void allErrorsAreToldAtOnce() {
    assertThat(
            errors(
                """
                sqs:
                  queue: flights
                  format: xml
                  endpoint: localhost
                  wait: 21s
                  pollers: { min: 5, max: 3 }
                  permits: { bytes: 0 }
                  s3: { buckets: ["s3 bucket"], max-bytes: 17MiB }
                """))
        .containsExactlyInAnyOrder(
            "sqs.queue: must be the URL of the queue, such as"
                + " https://sqs.eu-west-1.amazonaws.com/123456789012/name, not flights",
            "sqs.topic: is missing",
            "sqs.format: must be one of auto, raw, sns, not xml",
            "sqs.endpoint: must be a URL such as http://localhost:9324",
            "sqs.wait: must be at most 20s, the longest that SQS waits",
            "sqs.pollers.max: must not be below min, which is 5",
            "sqs.permits.bytes: must be at least 1",
            "sqs.s3.buckets: are names of buckets, not s3 bucket",
            "sqs.s3.max-bytes: must be 1 to 16MiB, the longest that a message may be");
  }
}
