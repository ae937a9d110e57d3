package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.app.Application;
import dev.escala.app.Configuration;
import dev.escala.app.EscalaCommand;
import dev.escala.app.HttpClients;
import dev.escala.config.ConfigurationException;
import dev.escala.embedded.EmbeddedDatabase;
import dev.escala.moto.Moto;
import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ops/deploy/deploy} against moto's ECS, a migration that really runs, and a real server.
 */
@Tag("integration")
@Tag("long")
class DeploymentTest {
  private static final String REGION = "us-east-1";
  private static final String REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/escala";
  private static final String OLD = REPOSITORY + "@sha256:" + "a".repeat(64);
  private static final String NEW = REPOSITORY + "@sha256:" + "b".repeat(64);
  private static final List<String> SERVICES = List.of("api", "ingest");
  private static final String ALARM = "api-errors";

  @TempDir private static Path directory;
  private static EmbeddedDatabase database;
  private static Application server;
  private static Path configuration;

  private static Moto moto;
  private static TaskRunner cloud;
  private static Shell shell;
  private static ToIntFunction<List<String>> task = DeploymentTest::runHere;

  @BeforeAll
  static void start() throws IOException, ConfigurationException, InterruptedException {
    for (String tool : List.of("aws", "jq", "curl")) {
      assumeTrue(Tool.isInstalled(tool), "SKIPPED: a deployment needs " + tool);
    }
    moto = Moto.orSkip(REGION, Map.of("MOTO_ECS_SERVICE_RUNNING", "1"));
    database = EmbeddedDatabase.start(Optional.empty());
    String yaml =
        """
        http: {port: 0}
        admin: {port: 0}
        databases:
          flights: {url: "%s", read-url: "%s"}
        topics: {"*": {table: "flights.{topic}"}}
        """
            .formatted(database.url(), database.readUrl());
    configuration = Files.writeString(directory.resolve("escala.yaml"), yaml);
    server =
        Application.start(
            Configuration.read("escala.yaml", yaml, name -> null), Application.Role.ALL);
    var _ =
        HttpClients.create()
            .send(
                HttpRequest.newBuilder(URI.create(url() + "/topics/departures"))
                    .POST(BodyPublishers.ofString("{\"flight\": \"LA 800\", \"gate\": 12}"))
                    .build(),
                BodyHandlers.ofString());
    moto.stopTasksAtOnce();
    cloud = TaskRunner.before(moto.endpoint(), command -> task.applyAsInt(command));
    shell =
        new Shell(
            Map.of(
                "AWS_ENDPOINT_URL", cloud.url().toString(),
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_DEFAULT_REGION", REGION,
                "AWS_PAGER", ""));
    createServices();
    shell.must(
        ("aws cloudwatch put-metric-alarm --metric-name Errors --namespace Escala --statistic Sum"
                + " --period 60 --evaluation-periods 1 --threshold 1"
                + " --comparison-operator GreaterThanThreshold --alarm-name "
                + ALARM)
            .split(" "));
  }

  private static void createServices() throws IOException, InterruptedException {
    String subnet =
        shell.must("aws ec2 describe-subnets --query Subnets[0].SubnetId --output text".split(" "));
    String group =
        shell.must(
            "aws ec2 describe-security-groups --query SecurityGroups[0].GroupId --output text"
                .split(" "));
    moto.ecs("CreateCluster", "{\"clusterName\": \"dev\"}");
    for (String service : SERVICES) {
      moto.ecs(
          "RegisterTaskDefinition",
          """
          {"family": "%s", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
           "cpu": "512", "memory": "1024",
           "containerDefinitions": [
             {"name": "escala", "image": "%s", "memory": 512, "essential": true},
             {"name": "collector", "image": "collector:1", "memory": 256, "essential": false}]}
          """
              .formatted(service, OLD));
      moto.ecs(
          "CreateService",
          """
          {"cluster": "dev", "serviceName": "%s", "taskDefinition": "%s", "desiredCount": 1,
           "launchType": "FARGATE", "networkConfiguration": {"awsvpcConfiguration":
             {"subnets": ["%s"], "securityGroups": ["%s"]}}}
          """
              .formatted(service, service + ":1", subnet, group));
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
      database.close();
      cloud.close();
      moto.close();
    }
  }

  private static String url() {
    return "http://localhost:" + server.httpPort();
  }

  /** The command of a task, with the configuration that the task would have. */
  private static int runHere(List<String> command) {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of("--config", configuration.toString()));
    return EscalaCommand.commandLine().execute(arguments.toArray(String[]::new));
  }

  @BeforeEach
  void theOldReleaseRuns() throws IOException, InterruptedException {
    task = DeploymentTest::runHere;
    for (String service : SERVICES) {
      moto.ecs(
          "UpdateService",
          "{\"cluster\": \"dev\", \"service\": \"%s\", \"taskDefinition\": \"%s:1\"}"
              .formatted(service, service));
    }
    cloud.actions().clear();
  }

  private Ended deploy(String image, String version) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("..", "ops", "deploy", "deploy").toString());
    command.addAll(
        List.of("--cluster", "dev", "--image", image, "--url", url(), "--version", version));
    SERVICES.forEach(service -> command.addAll(List.of("--service", service)));
    command.addAll(List.of("--alarm", ALARM, "--bake", "0"));
    return shell.run(command);
  }

  /** The images that the services' task definitions name. */
  private List<String> images() throws IOException, InterruptedException {
    List<String> images = new ArrayList<>();
    for (String service : SERVICES) {
      String running =
          moto.ecs(
                  "DescribeServices",
                  "{\"cluster\": \"dev\", \"services\": [\"%s\"]}".formatted(service))
              .at("/services/0/taskDefinition")
              .stringValue();
      moto.ecs("DescribeTaskDefinition", "{\"taskDefinition\": \"%s\"}".formatted(running))
          .at("/taskDefinition/containerDefinitions")
          .forEach(container -> images.add(container.path("image").stringValue()));
    }
    return images;
  }

  /** What the running server says of itself. */
  private static String deployedVersion() throws IOException, InterruptedException {
    String health =
        HttpClients.create()
            .send(
                HttpRequest.newBuilder(URI.create(url() + "/health")).build(),
                BodyHandlers.ofString())
            .body();
    return JsonMapper.shared().readTree(health).path("version").stringValue();
  }

  @Test
  void whatWorksStays() throws IOException, InterruptedException {
    Ended ended = deploy(NEW, deployedVersion());
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(images()).containsOnly(NEW, "collector:1");
    assertThat(cloud.actions()).containsSubsequence("RunTask", "UpdateService", "UpdateService");
    assertThat(ended.output()).contains("data: 1 row(s) the same by relation and by SQL");
  }

  @Test
  void whatDoesNotAnswerAsItShouldIsTakenBack() throws IOException, InterruptedException {
    Ended ended = deploy(NEW, "0000000");
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(3);
    assertThat(ended.output()).contains("smoke: FAILED version", "taken back");
    assertThat(images()).containsOnly(OLD, "collector:1");
  }

  @Test
  void afterAFailedMigrationNothingIsChanged() throws IOException, InterruptedException {
    Path away = directory.resolve("away.yaml");
    Files.writeString(
        away, "databases: {flights: {url: 'postgresql://nobody@localhost:1/flights'}}");
    task = command -> EscalaCommand.commandLine().execute("migrate", "--config", away.toString());
    Ended ended = deploy(NEW, deployedVersion());
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output()).contains("exit code 1", "nothing was changed");
    assertThat(cloud.actions()).doesNotContain("UpdateService");
    assertThat(images()).containsOnly(OLD, "collector:1");
  }

  @Test
  void whatRaisesAnAlarmIsTakenBack() throws IOException, InterruptedException {
    shell.must(
        "aws",
        "cloudwatch",
        "set-alarm-state",
        "--alarm-name",
        ALARM,
        "--state-value",
        "ALARM",
        "--state-reason",
        "test");
    Ended ended = deploy(NEW, deployedVersion());
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(3);
    assertThat(ended.output()).contains("in alarm: " + ALARM);
    assertThat(images()).containsOnly(OLD, "collector:1");
  }

  @Test
  void aTagIsNoImage() throws IOException, InterruptedException {
    Ended ended = deploy(REPOSITORY + ":latest", deployedVersion());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.output()).contains("must name a digest");
    assertThat(cloud.actions()).doesNotContain("RunTask", "UpdateService");
  }
}
