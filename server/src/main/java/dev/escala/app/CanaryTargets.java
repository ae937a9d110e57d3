package dev.escala.app;

import dev.escala.canary.CanaryRoute;
import dev.escala.canary.CanaryTarget;
import dev.escala.model.Backlog;
import dev.escala.observe.Observer;
import dev.escala.ops.PublicApi;
import dev.escala.source.kafka.KafkaPublisher;
import dev.escala.source.kafka.KafkaSettings;
import dev.escala.source.sns.SnsTopic;
import dev.escala.source.sqs.SqsPublisher;
import dev.escala.source.sqs.SqsSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens the places where the markers of a topic are published, as its messages are. */
final class CanaryTargets {
  private static final Backlog NOTHING = new Backlog(0, 0, 0, null);

  private final Configuration configuration;
  private final PublicApi api;
  private final Observer observer;

  CanaryTargets(Configuration configuration, PublicApi api, Observer observer) {
    this.configuration = configuration;
    this.api = api;
    this.observer = observer;
  }

  /** Empty where the topic has no canary. */
  Optional<CanaryTarget> open(String topic, CanaryRoute route) {
    Optional<SqsSettings> queue = queue(configuration, topic);
    return switch (route.to()) {
      case OFF -> Optional.empty();
      case HTTP -> Optional.of(new OverHttp(topic));
      case SNS -> Optional.of(new OverSns(route.address(), queue.map(this::publisher)));
      case SQS -> {
        SqsSettings near = queue.orElse(SqsSettings.of(route.address(), topic));
        yield Optional.of(new OverSqs(publisher(near.ofQueue(route.address()))));
      }
      case UNSAID -> Optional.of(near(topic, queue, Optional.empty()));
      case SOURCE -> Optional.of(near(topic, queue, kafka(configuration, topic)));
    };
  }

  private CanaryTarget near(
      String topic, Optional<SqsSettings> queue, Optional<KafkaSettings> kafka) {
    return queue
        .<CanaryTarget>map(q -> new OverSqs(publisher(q)))
        .or(() -> kafka.map(read -> new OverKafka(KafkaPublisher.open(read))))
        .orElseGet(() -> new OverHttp(topic));
  }

  /** Topics of Kafka that markers are written to. */
  static List<KafkaSettings> written(Configuration configuration) {
    return configuration.topics().entrySet().stream()
        .filter(topic -> topic.getValue().canary().to() == CanaryRoute.To.SOURCE)
        .map(Map.Entry::getKey)
        .filter(name -> queue(configuration, name).isEmpty())
        .flatMap(name -> kafka(configuration, name).stream())
        .toList();
  }

  private static Optional<SqsSettings> queue(Configuration configuration, String topic) {
    return configuration.queues().stream().filter(read -> read.topic().equals(topic)).findFirst();
  }

  private static Optional<KafkaSettings> kafka(Configuration configuration, String topic) {
    return configuration.kafka().stream().filter(read -> read.topic().equals(topic)).findFirst();
  }

  private SqsPublisher publisher(SqsSettings queue) {
    return SqsPublisher.open(queue, observer);
  }

  private record OverSqs(SqsPublisher queue) implements CanaryTarget {
    @Override
    public void publish(String text) throws PublishRefused {
      Optional<String> trouble = queue.publish(text);
      if (trouble.isPresent()) {
        throw new PublishRefused(trouble.get());
      }
    }

    @Override
    public Optional<Backlog> backlog() {
      return queue.backlog();
    }

    @Override
    public void close() {
      queue.close();
    }
  }

  private record OverKafka(KafkaPublisher records) implements CanaryTarget {
    @Override
    public void publish(String text) throws PublishRefused {
      Optional<String> trouble = records.publish(text);
      if (trouble.isPresent()) {
        throw new PublishRefused(trouble.get());
      }
    }

    @Override
    public Optional<Backlog> backlog() {
      return records.backlog();
    }

    @Override
    public void close() {
      records.close();
    }
  }

  /** The queue behind the topic is only asked for what it holds. */
  private static final class OverSns implements CanaryTarget {
    private final SnsTopic topic;
    private final Optional<SqsPublisher> queue;

    OverSns(String arn, Optional<SqsPublisher> queue) {
      this.topic = new SnsTopic(arn);
      this.queue = queue;
    }

    @Override
    public void publish(String text) throws PublishRefused {
      try {
        List<SnsTopic.Refusal> refusals = topic.publish(List.of(text));
        if (!refusals.isEmpty()) {
          throw new PublishRefused(refusals.getFirst().reason());
        }
      } catch (SnsTopic.SnsFailure failure) {
        throw new PublishRefused(failure.getMessage() + " It takes sns:Publish on the topic.");
      }
    }

    @Override
    public Optional<Backlog> backlog() {
      return queue.isPresent() ? queue.get().backlog() : Optional.of(NOTHING);
    }

    @Override
    public void close() {
      topic.close();
      queue.ifPresent(SqsPublisher::close);
    }
  }

  /** Answers after commit, so that nothing is on the way when it has answered. */
  private final class OverHttp implements CanaryTarget {
    private final String topic;

    OverHttp(String topic) {
      this.topic = topic;
    }

    @Override
    public void publish(String text) throws PublishRefused {
      try {
        PublicApi.Answer answer =
            api.post("/topics/" + topic, Map.of("Content-Type", "application/json"), text);
        if (!answer.isOk()) {
          throw new PublishRefused(
              "%s/topics/%s answers with status %d".formatted(api.base(), topic, answer.status()));
        }
      } catch (IOException failure) {
        throw new PublishRefused(api.base() + " does not answer: " + failure.getMessage());
      }
    }

    @Override
    public Optional<Backlog> backlog() {
      return Optional.of(NOTHING);
    }

    @Override
    public void close() {
      // each request has a connection of its own
    }
  }
}
