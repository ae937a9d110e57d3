package dev.escala.source.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Says in a sentence what is wrong with brokers or topics, and what to do. */
final class KafkaTrouble {
  private KafkaTrouble() {}

  /** A short name of the trouble, for metrics. */
  static String code(KafkaException failure) {
    return failure.getClass().getSimpleName();
  }

  static String sentence(KafkaSettings settings, KafkaException failure) {
    if (failure instanceof AuthenticationException) {
      return "%s refuse the login: %s".formatted(brokers(settings), failure.getMessage());
    }
    if (failure instanceof AuthorizationException) {
      return "Topics %s may not be read as group %s. It takes READ and DESCRIBE on the topics, and READ on the group. Kafka says: %s"
          .formatted(settings.names(), settings.group(), failure.getMessage());
    }
    if (failure instanceof TimeoutException) {
      return silent(settings);
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return "%s cannot be read from: %s".formatted(brokers(settings), cause.getMessage());
  }

  /** Of a marker that a topic did not take. */
  static String ofWriting(KafkaSettings settings, String name, KafkaException failure) {
    if (failure instanceof AuthorizationException) {
      return "Markers may not be written to the topic %s. It takes WRITE and DESCRIBE on it, or canary: http at topics.%s. Kafka says: %s"
          .formatted(name, settings.topic(), failure.getMessage());
    }
    if (failure instanceof AuthenticationException || failure instanceof TimeoutException) {
      return sentence(settings, failure);
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return "%s did not take a marker for the topic %s: %s"
        .formatted(brokers(settings), name, cause.getMessage());
  }

  static String silent(KafkaSettings settings) {
    return brokers(settings)
        + " do not answer. Check the addresses, those that the brokers advertise, and tls.";
  }

  static String missing(KafkaSettings settings, String names) {
    return "There is no topic %s at %s, or it may not be described."
        .formatted(names, brokers(settings));
  }

  private static String brokers(KafkaSettings settings) {
    return String.join(", ", settings.brokers());
  }
}
