package dev.escala.ingest;

import dev.escala.decode.Decoder;
import dev.escala.decode.Settings;
import dev.escala.decode.TopicSettings;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.Rejection;
import dev.escala.store.postgres.PostgresStore;
import dev.escala.store.postgres.StoreSettings;
import dev.escala.testing.Messages;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** A pipeline into real tables, without a source. */
abstract class PipelineRun {
  final PostgresServer.Database database = PostgresServer.newDatabase();
  final RecordingObserver observer = new RecordingObserver();
  final PostgresStore store = open();

  private PostgresStore open() {
    StoreSettings settings = StoreSettings.of(database.url());
    return PostgresStore.open(
        new StoreSettings(settings.url(), 4, settings.statementTimeout(), Duration.ofMillis(500)),
        observer);
  }

  @AfterEach
  void close() {
    store.close();
  }

  Pipeline pipeline(String... lines) {
    TopicSettings settings = Settings.flights(lines);
    return new Pipeline(new Decoder(settings), store.topic(settings));
  }

  static List<Outcome> write(Pipeline pipeline, Message... messages) {
    return pipeline.store(List.of(messages), 5000).outcomes();
  }

  static List<Outcome> write(Pipeline pipeline, List<Message> messages) {
    return pipeline.store(messages, 5000).outcomes();
  }

  static Message flight(int id) {
    return Messages.of("m" + id, "{\"id\":\"f" + id + "\",\"delay\":" + id + "}");
  }

  static List<Message> flights(int count) {
    return IntStream.range(0, count).mapToObj(PipelineRun::flight).toList();
  }

  static Rejection rejection(Outcome outcome) {
    return ((Outcome.Rejected) outcome).rejection();
  }

  static long stored(List<Outcome> outcomes) {
    return outcomes.stream().filter(Outcome.STORED::equals).count();
  }
}
