package dev.escala.delivery;

import static dev.escala.delivery.Stage.NEW;
import static dev.escala.delivery.Stage.OLD;
import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ops/deploy/deploy} against moto's ECS; migration and smoke test really run, on a real
 * database.
 */
@Tag("integration")
@Tag("long")
class DeploymentTest {
  private static final String[] COLLECTORS = {"collector:1", "collector:2"};

  @TempDir private static Path directory;
  private static Stage stage;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    stage = Stage.orSkip(directory);
  }

  @AfterAll
  static void stop() {
    if (stage != null) {
      stage.close();
    }
  }

  @BeforeEach
  void theOldReleaseRuns() throws IOException, InterruptedException {
    stage.reset();
  }

  private static Ended deploy(String... more) throws IOException, InterruptedException {
    return stage.deploy(NEW, Stage.version(), more);
  }

  private static void assertNothingChanged(Ended ended) throws IOException, InterruptedException {
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output()).contains("nothing that runs was changed");
    assertThat(stage.cloud().actions()).doesNotContain("UpdateService");
    assertThat(stage.images()).doesNotContain(NEW);
  }

  private static void assertTakenBack(Ended ended) throws IOException, InterruptedException {
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(3);
    assertThat(ended.output()).contains("taken back");
    assertThat(stage.images()).doesNotContain(NEW).contains(OLD);
  }

  @Test
  void whatWorksStays() throws IOException, InterruptedException {
    Ended ended = deploy();

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(stage.images()).contains(NEW).doesNotContain(OLD);
    assertThat(stage.cloud().actions())
        .as("migrated and tried before any request reaches it")
        .containsSubsequence("RunTask", "RunTask", "UpdateService", "UpdateService")
        .doesNotContain("StopTask");
  }

  @Test
  void whatTerraformHasChangedArrivesWithTheNextDeployment()
      throws IOException, InterruptedException {
    deploy().orFail();
    for (String service : Stage.SERVICES) {
      stage.applyTerraform(service, "1024", COLLECTORS[1]);
    }

    deploy().orFail();

    assertThat(stage.runs("api").path("cpu").stringValue()).isEqualTo("1024");
    assertThat(stage.images()).contains(NEW, COLLECTORS[1]).doesNotContain(OLD, COLLECTORS[0]);
  }

  @Test
  void anotherBuildThanMeantGetsNoRequest() throws IOException, InterruptedException {
    assertNothingChanged(stage.deploy(NEW, "0000000"));
  }

  @Test
  void afterAFailedMigrationNothingIsChanged() throws IOException, InterruptedException {
    stage.cloud().program = command -> command.getFirst().equals("migrate") ? 1 : 0;

    Ended ended = deploy();

    assertNothingChanged(ended);
    assertThat(ended.output()).contains("migrate ended with exit code 1");
  }

  @Test
  void aMigrationThatTakesTooLongIsStopped() throws IOException, InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    stage.cloud().program =
        command -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException end) {
            stopped.countDown();
          }
          return 1;
        };

    Ended ended = deploy("--patience", "1");

    assertNothingChanged(ended);
    assertThat(ended.output()).contains("still runs after 1 s, and is stopped");
    stopped.await();
  }

  @Test
  void aSlowRollOutIsWaitedFor() throws IOException, InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    stage.cloud().rollOut =
        definition -> looks.incrementAndGet() > 12 ? "COMPLETED" : "IN_PROGRESS";

    Ended ended = deploy();

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(looks).hasValueGreaterThan(12);
    assertThat(stage.images()).contains(NEW);
  }

  @Test
  void aRollOutThatEcsTakesBackIsTakenBackWhole() throws IOException, InterruptedException {
    stage.cloud().rollOut =
        definition -> definition.contains("ingest-deployed") ? "FAILED" : "COMPLETED";

    Ended ended = deploy();

    assertTakenBack(ended);
    assertThat(ended.output()).contains("ingest: the roll-out failed", "circuit breaker");
  }

  @Test
  void anAlarmThatComesUpTakesItBack() throws IOException, InterruptedException {
    stage.cloud().rollOut =
        definition -> {
          raiseTheAlarm(definition);
          return "COMPLETED";
        };

    Ended ended = deploy();

    assertTakenBack(ended);
    assertThat(ended.output()).contains("in alarm: " + Stage.ALARM);
  }

  private static void raiseTheAlarm(String definition) {
    try {
      if (definition.contains("-deployed")) {
        stage.alarm("ALARM");
      }
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Else what mends a system could never be deployed to it. */
  @Test
  void anAlarmThatWasThereBeforeDoesNot() throws IOException, InterruptedException {
    stage.alarm("ALARM");

    Ended ended = deploy();

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(stage.images()).contains(NEW);
  }

  /** As when the job is cancelled, or its machine is taken away. */
  @Test
  void whoeverEndsItGetsTheOldReleaseBack() throws IOException, InterruptedException {
    stage.cloud().rollOut = definition -> "IN_PROGRESS";
    Process deployment = stage.deployment(NEW, Stage.version()).redirectErrorStream(true).start();
    eventually(
        "both services are updated",
        () -> stage.cloud().actions().stream().filter("UpdateService"::equals).count() == 2);

    deployment.toHandle().destroy();

    String output = new String(deployment.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(deployment.waitFor()).as(output).isEqualTo(143);
    assertThat(output).contains("interrupted");
    assertThat(stage.images()).doesNotContain(NEW).contains(OLD);
  }

  @Test
  void aTagIsNoImage() throws IOException, InterruptedException {
    Ended ended = stage.deploy(Stage.REPOSITORY + ":latest", Stage.version());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.output()).contains("must name a digest");
    assertThat(stage.cloud().actions()).isEmpty();
  }
}
