package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.source.sns.SnsPushSettings;
import dev.escala.source.sqs.SqsSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the list of sources may say. */
class ConfiguredSourcesTest {
  private static final String LOCK = "auth: {anonymous: {role: visitor}}\n";
  private static final String SNS =
      "  - sns: {topic-arn: \"arn:aws:sns:eu-west-1:123456789012:a\", topic: t%s}\n";
  private static final String SQS = "  - sqs: {queue: \"http://localhost:9324/q\", topic: t}\n";

  private static Configuration read(String auth, String topics, String sources)
      throws ConfigurationException {
    return Configuration.read(
        "test",
        auth
            + "databases: {db: {url: \"postgresql://u:p@localhost/db\"}}\n"
            + "topics: {%s}\nsources:\n".formatted(topics)
            + sources,
        variable -> null);
  }

  private static List<String> errors(String auth, String topics, String sources) {
    try {
      var _ = read(auth, topics, sources);
      return List.of();
    } catch (ConfigurationException told) {
      return told.errors();
    }
  }

  @Test
  void aTopicMayHaveBoth() throws ConfigurationException {
    Configuration read = read(LOCK, "t: {table: db.t}", SNS.formatted(", raw: true") + SQS);
    assertThat(read.pushes()).extracting(SnsPushSettings::topic).containsExactly("t");
    assertThat(read.queues()).extracting(SqsSettings::topic).containsExactly("t");
  }

  @Test
  void theWildcardWillDo() {
    assertThat(errors(LOCK, "\"*\": {table: \"db.{topic}\"}", SNS.formatted(""))).isEmpty();
  }

  @Test
  void aTopicHasToBeThere() {
    assertThat(errors(LOCK, "tt: {table: db.t}", SNS.formatted("")))
        .singleElement()
        .asString()
        .startsWith("sources[0].sns.topic")
        .contains("did you mean tt?");
  }

  @Test
  void twoForATopicAreOneTooMany() {
    assertThat(errors(LOCK, "t: {table: db.t}", SNS.formatted("") + SNS.formatted("")))
        .singleElement()
        .asString()
        .startsWith("sources[1].sns.topic");
  }

  @Test
  void rawNeedsALock() {
    String sources = SNS.formatted(", raw: true");
    assertThat(errors("auth: none\n", "t: {table: db.t}", sources))
        .singleElement()
        .asString()
        .startsWith("sources[0].sns.raw");
    assertThat(errors("", "t: {table: db.t}", sources)).hasSize(1);
  }

  @Test
  void aKindThatThereIsNotIsToldOnce() {
    assertThat(errors(LOCK, "t: {table: db.t}", "  - kafak: {brokers: \"b:1\"}\n  - {}\n"))
        .containsExactly(
            "sources[1]: must have one of kafka, sns, sqs",
            "sources[0].kafak: is not a known key; did you mean kafka?");
  }

  @Test
  void aDatabaseUrlIsReadTwiceAndToldOnce() {
    try {
      var _ =
          Configuration.read(
              "test",
              "databases: {flights: {url: nowhere}}\ntopics: {t: {table: flight.t}}",
              name -> null);
    } catch (ConfigurationException told) {
      assertThat(told.errors())
          .containsExactly(
              "databases.flights.url: must begin with postgresql://",
              "topics.t.table: names the database flight, which is not configured; did you mean"
                  + " flights?");
      return;
    }
    throw new AssertionError("it was taken");
  }

  @Test
  void markersGoToATopicOfKafkaThatIsNamedAndReadAsJson() throws ConfigurationException {
    String named = "  - kafka: {brokers: \"b:1\", subscribe: [t]}\n";
    String pattern = "  - kafka: {brokers: \"b:1\", pattern: \"t.*\", topic: t}\n";
    String avro =
        "  - kafka: {brokers: \"b:1\", subscribe: [t], format: %s, schema-registry: {url:"
            + " \"http://r\"}}\n";
    String toTheSource = "t: {table: db.t, canary: source}";

    assertThat(errors(LOCK, toTheSource, named)).isEmpty();
    assertThat(errors(LOCK, toTheSource, avro.formatted("auto"))).isEmpty();
    assertThat(errors(LOCK, "t: {table: db.t}", pattern)).isEmpty();
    assertThat(errors(LOCK, toTheSource, pattern + SQS)).as("the queue goes before").isEmpty();
    assertThat(errors(LOCK, toTheSource, pattern))
        .singleElement()
        .asString()
        .startsWith("topics.t.canary: must be http or off, not source: its source has a pattern");
    assertThat(errors(LOCK, toTheSource, avro.formatted("avro")))
        .singleElement()
        .asString()
        .startsWith("topics.t.canary: must be http or off, not source: a marker is JSON");
  }
}
