package dev.escala.source.kafka;

import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.escala.source.Source;
import dev.escala.source.SourceContract;
import dev.escala.testing.KafkaServer;
import dev.escala.testing.RecordingObserver;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;

@Tag("integration")
@Execution(CONCURRENT) // each test has all that it needs for itself, and mostly waits
class KafkaSourceContractTest extends SourceContract {

  @Override
  protected Origin origin() {
    KafkaServer server = KafkaServer.shared();
    KafkaServer.Topic topic = server.newTopic(3);
    String group = KafkaServer.newName();
    return new Origin() {
      @Override
      public Source open(Limits limits, RecordingObserver recorder) {
        return KafkaSource.open(
            new KafkaSettings(
                server.addresses(),
                List.of(topic.name()),
                null,
                "departures",
                group,
                KafkaSettings.Start.EARLIEST,
                KafkaSecurity.NONE,
                new KafkaSettings.Limits(limits.messages(), limits.bytes()),
                ValueFormat.JSON),
            recorder);
      }

      @Override
      public void publish(String body) {
        topic.send(body);
      }

      @Override
      public void close() {}
    };
  }
}
