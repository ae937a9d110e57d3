package dev.escala.delivery;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.app.EscalaCommand;
import dev.escala.embedded.EmbeddedDatabase;
import dev.escala.moto.Moto;
import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A system to deploy to: the services api and ingest of the cluster flights-dev in moto, behind a
 * {@link TaskRunner} that runs their tasks here, on a real database.
 */
final class Stage implements AutoCloseable {
  static final String REGION = "eu-west-1";
  static final String ALARM = "flights-dev-api-errors";
  static final String REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala";
  static final String OLD = REPOSITORY + "@sha256:" + "a".repeat(64);
  static final String NEW = REPOSITORY + "@sha256:" + "b".repeat(64);
  static final List<String> SERVICES = List.of("api", "ingest");
  private static final String CLUSTER = "flights-dev";
  private static final String ROLE = "arn:aws:iam::123456789012:role/flights-dev-";

  private final Moto moto;
  private final EmbeddedDatabase database;
  private final Path configuration;
  private final TaskRunner cloud;
  private final Shell shell;

  private Stage(Moto moto, EmbeddedDatabase database, Path configuration, TaskRunner cloud) {
    this.moto = moto;
    this.database = database;
    this.configuration = configuration;
    this.cloud = cloud;
    this.shell =
        new Shell(
            Map.of(
                "AWS_ENDPOINT_URL", cloud.url().toString(),
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_DEFAULT_REGION", REGION,
                "AWS_PAGER", "",
                "AWS_MAX_ATTEMPTS", "1"));
  }

  /** Skips the test, and says why, where a program is missing. */
  static Stage orSkip(Path directory) throws IOException, InterruptedException {
    for (String tool : List.of("aws", "jq")) {
      assumeTrue(Tool.isInstalled(tool), "SKIPPED: a deployment needs " + tool);
    }
    Moto moto = Moto.orSkip(REGION, Map.of());
    EmbeddedDatabase database = EmbeddedDatabase.start(Optional.empty());
    Path configuration =
        Files.writeString(
            directory.resolve("escala.yaml"),
            """
            http: {host: 127.0.0.1, port: 0}
            admin: {host: 127.0.0.1, port: 0}
            databases:
              flights: {url: "%s", read-url: "%s"}
            topics: {departures: {table: flights.departures}}
            canary: {every: 200ms}
            """
                .formatted(database.url(), database.readUrl()));
    Stage stage = new Stage(moto, database, configuration, TaskRunner.before(moto.endpoint()));
    stage.build();
    return stage;
  }

  private void build() throws IOException, InterruptedException {
    String subnet =
        shell.must("aws ec2 describe-subnets --query Subnets[0].SubnetId --output text".split(" "));
    String group =
        shell.must(
            "aws ec2 describe-security-groups --query SecurityGroups[0].GroupId --output text"
                .split(" "));
    moto.ecs("CreateCluster", "{\"clusterName\": \"%s\"}".formatted(CLUSTER));
    for (String service : SERVICES) {
      applyTerraform(service, "512", "collector:1");
      moto.ecs(
          "CreateService",
          """
          {"cluster": "%s", "serviceName": "%s", "taskDefinition": "%s-%s:1", "desiredCount": 1,
           "launchType": "FARGATE", "networkConfiguration": {"awsvpcConfiguration":
             {"subnets": ["%s"], "securityGroups": ["%s"]}}}
          """
              .formatted(CLUSTER, service, CLUSTER, service, subnet, group));
    }
    shell.must(
        ("aws cloudwatch put-metric-alarm --metric-name Errors --namespace Escala --statistic Sum"
                + " --period 60 --evaluation-periods 1 --threshold 1"
                + " --comparison-operator GreaterThanThreshold --alarm-name "
                + ALARM)
            .split(" "));
  }

  /**
   * As Terraform would: another revision of its own family, with the image that it was made for.
   */
  void applyTerraform(String service, String cpu, String collector)
      throws IOException, InterruptedException {
    moto.ecs(
        "RegisterTaskDefinition",
        """
        {"family": "%s-%s", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
         "cpu": "%s", "memory": "1024", "taskRoleArn": "%s%s", "executionRoleArn": "%s%s-execution",
         "tags": [{"key": "system", "value": "flights"}],
         "containerDefinitions": [
           {"name": "escala", "image": "%s", "memory": 512, "essential": true},
           {"name": "collector", "image": "%s", "memory": 256, "essential": false}]}
        """
            .formatted(CLUSTER, service, cpu, ROLE, service, ROLE, service, OLD, collector));
  }

  /** What Terraform has made runs, no alarm is there, and every program works. */
  void reset() throws IOException, InterruptedException {
    cloud.program = this::escala;
    cloud.rollOut = definition -> "COMPLETED";
    for (String service : SERVICES) {
      moto.ecs(
          "UpdateService",
          "{\"cluster\": \"%s\", \"service\": \"%s\", \"taskDefinition\": \"%s-%s:1\"}"
              .formatted(CLUSTER, service, CLUSTER, service));
    }
    alarm("OK");
    cloud.actions().clear();
  }

  /** A command of the program, with the configuration that a task of the system would have. */
  int escala(List<String> command) {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of("--config", configuration.toString()));
    return EscalaCommand.commandLine().execute(arguments.toArray(String[]::new));
  }

  void alarm(String state) throws IOException, InterruptedException {
    shell.must(
        "aws",
        "cloudwatch",
        "set-alarm-state",
        "--alarm-name",
        ALARM,
        "--state-value",
        state,
        "--state-reason",
        "test");
  }

  TaskRunner cloud() {
    return cloud;
  }

  /** The version of this build, as a server says it. */
  static String version() {
    StringWriter out = new StringWriter();
    EscalaCommand.commandLine().setOut(new PrintWriter(out)).execute("version");
    return out.toString().strip().replaceFirst("^escala ", "");
  }

  ProcessBuilder deployment(String image, String version, String... more) {
    List<String> command =
        new ArrayList<>(List.of(Path.of("..", "ops", "deploy", "deploy").toString()));
    command.addAll(List.of("--cluster", CLUSTER, "--image", image, "--version", version));
    command.addAll(List.of("--alarm", ALARM, "--bake", "0", "--every", "1"));
    command.addAll(List.of(more));
    ProcessBuilder program = new ProcessBuilder(command);
    program.environment().putAll(shell.environment());
    return program;
  }

  Ended deploy(String image, String version, String... more)
      throws IOException, InterruptedException {
    return Ended.run(deployment(image, version, more));
  }

  /** The task definition that a service runs. */
  JsonNode runs(String service) throws IOException, InterruptedException {
    String running =
        moto.ecs(
                "DescribeServices",
                "{\"cluster\": \"%s\", \"services\": [\"%s\"]}".formatted(CLUSTER, service))
            .at("/services/0/taskDefinition")
            .stringValue();
    return moto.ecs("DescribeTaskDefinition", "{\"taskDefinition\": \"%s\"}".formatted(running))
        .path("taskDefinition");
  }

  /** The images that the services run. */
  List<String> images() throws IOException, InterruptedException {
    List<String> images = new ArrayList<>();
    for (String service : SERVICES) {
      runs(service)
          .path("containerDefinitions")
          .forEach(container -> images.add(container.path("image").stringValue()));
    }
    return images;
  }

  @Override
  public void close() {
    cloud.close();
    moto.close();
    database.close();
  }
}
