package dev.escala.proofs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A server with a canary, every part of whose way is in the hands of a test: the database and how
 * fast it answers, the queue and what it gives.
 */
final class GameDay implements AutoCloseable {
  static final String DATABASE = "database db";
  static final String CANARY = "canary events";
  static final String SOURCE = "source sqs events";
  static final String PROBE = "probe";

  private final ProofDatabase database;
  private final SlowTcp wayToDatabase;
  private final SqsProxy sqs;
  private final ServerProcess server;
  private final Watch watch;

  private GameDay(
      ProofDatabase database,
      SlowTcp wayToDatabase,
      SqsProxy sqs,
      ServerProcess server,
      Watch watch) {
    this.database = database;
    this.wayToDatabase = wayToDatabase;
    this.sqs = sqs;
    this.server = server;
    this.watch = watch;
  }

  /**
   * Starts a server on an installation and what watches it, and returns when everything is well and
   * has been for as long as the shortest windows are.
   */
  static GameDay begin(Path directory, ProofDatabase database, Installation installation)
      throws IOException, InterruptedException {
    SlowTcp way = new SlowTcp(database.port());
    SqsProxy sqs = new SqsProxy(installation.sqs(), SqsProxy.Mode.PASS);
    Path configuration = Files.createTempFile(directory, "game-day", ".yaml");
    Files.writeString(
        configuration,
        """
        http:  {host: localhost, port: 0}
        admin: {host: localhost, port: 0}
        log:   {format: json}
        system: {name: game-day, env: prod}
        databases:
          db: {url: "%s"}
        topics:
          events: {table: db.events, key: $.n}
        ingest: {longest-backoff: 500ms}
        sources:
          - sqs: {queue: "%s", topic: events, endpoint: "%s", wait: 1s}
        probe:  {every: 500ms}
        canary: {every: 500ms, patience: 5s}
        """
            .formatted(database.url(way.port()), installation.queue().url(), sqs.endpoint()));
    ServerProcess server = ServerProcess.start(configuration);
    Watch watch = Watch.over(server.admin(), directory);
    GameDay day = new GameDay(database, way, sqs, server, watch);
    day.awaitHealth("all is well", health -> health.troubles().isEmpty());
    day.pass(Duration.ofMinutes(2));
    assertThat(day.watch.told()).as("before anything happens").isEmpty();
    return day;
  }

  ProofDatabase database() {
    return database;
  }

  SlowTcp wayToDatabase() {
    return wayToDatabase;
  }

  SqsProxy sqs() {
    return sqs;
  }

  ServerProcess server() {
    return server;
  }

  /** Waits until somebody is told of an alert; how soon, the unit tests of the rules say. */
  void awaitAlert(String alert) {
    eventually(
        () -> alert + "; told: " + watch.told() + ", firing: " + watch.firing(),
        () -> watch.told().contains(alert));
  }

  /**
   * Lets time pass, as those who watch see it: that nothing happens in it can only be waited for.
   */
  void pass(Duration time) throws InterruptedException {
    Thread.sleep(Watch.real(time));
  }

  /** For all this time, and at its end, somebody has been called by these alone. */
  void assertOnlyPages(Duration time, String... alerts) throws InterruptedException {
    pass(time);
    assertThat(watch.pages())
        .as(() -> "firing: " + watch.firing() + ", called: " + watch.calls())
        .containsExactlyInAnyOrder(alerts);
  }

  Watch watch() {
    return watch;
  }

  HealthPicture health() throws IOException, InterruptedException {
    return HealthPicture.of(server.get("/health"));
  }

  /** Waits until {@code /health} shows it, and returns what it showed. */
  HealthPicture awaitHealth(String what, Predicate<HealthPicture> wanted) {
    HealthPicture[] last = {new HealthPicture(0, "", Map.of(), "nothing")};
    eventually(
        () -> what + ": " + last[0].text(),
        () -> {
          last[0] = health();
          return wanted.test(last[0]);
        });
    return last[0];
  }

  /** The sum of a metric over all series that have these labels. */
  double metric(String name, String... labels) throws IOException, InterruptedException {
    return server.metrics().value(name, labels);
  }

  /** Waits until a metric is so. */
  void awaitMetric(String name, Predicate<Double> wanted) {
    double[] last = {Double.NaN};
    eventually(
        () -> name + " is " + last[0],
        () -> {
          last[0] = metric(name);
          return wanted.test(last[0]);
        });
  }

  @Override
  public void close() throws IOException {
    watch.close();
    server.close();
    sqs.close();
    wayToDatabase.close();
  }
}
