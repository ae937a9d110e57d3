package dev.escala.infra;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.embedded.EmbeddedDatabase;
import dev.escala.infra.policy.Plan;
import dev.escala.moto.Moto;
import dev.escala.proofs.ServerProcess;
import dev.escala.testing.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The system flights-dev, applied to an emulator of AWS as it stands, used, and destroyed. What a
 * test finds is what the one before has left, so they have an order.
 */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AppliedSystemTest {
  private static final String ROOT = "system";
  private static final String DOMAIN = "example.org";

  @TempDir static Path directory;
  private static Terraform terraform;
  private static Moto moto;
  private static Drift drift;

  @BeforeAll
  static void apply() throws IOException, InterruptedException {
    terraform = Terraform.orSkip(directory.resolve("copy"));
    moto = Emulation.orSkip();
    Emulation emulation = new Emulation(terraform, moto.endpoint());
    emulation.redirect(ROOT);
    emulation.leaveOutScaling();
    emulation.leaveOutWhatIsMissing();
    Files.writeString(
        terraform.folder(ROOT).resolve("terraform.tfvars"),
        Variables.of("flights-dev", moto.createZone(DOMAIN)));
    terraform.initWithState(ROOT);
    terraform.run(ROOT, "apply", "-auto-approve", "-parallelism=20").orFail();
    terraform.run(ROOT, "plan", "-out=second.tfplan").orFail();
    drift = Drift.of(terraform.run(ROOT, "show", "-json", "second.tfplan").orFail().output());
    emulation.putBack();
  }

  @AfterAll
  static void end() {
    if (moto != null) {
      moto.close();
    }
  }

  private static JsonNode output() throws IOException, InterruptedException {
    ObjectNode values = JsonMapper.shared().createObjectNode();
    JsonMapper.shared()
        .readTree(terraform.run(ROOT, "output", "-json").orFail().output())
        .forEachEntry((name, output) -> values.set(name, output.path("value")));
    return values;
  }

  /** Else drift is told every night, and nobody looks any more. */
  @Test
  @Order(1)
  void aSecondPlanHasNothingButWhatTheEmulatorForgets() {
    assertThat(drift.attributes()).isNotEmpty();
    assertThat(drift.unexplained()).isEmpty();
  }

  @Test
  @Order(1)
  void aChangeByHandIsFound() {
    Drift planted =
        Drift.of(
            """
            {"resource_changes": [
              {"type": "aws_ecs_service", "change": {"actions": ["update"],
                "before": {"desired_count": 1, "enable_ecs_managed_tags": false},
                "after": {"desired_count": 1, "enable_ecs_managed_tags": true}}},
              {"type": "aws_lb", "change": {"actions": ["update"],
                "before": {"idle_timeout": 5}, "after": {"idle_timeout": 60}}},
              {"type": "aws_sqs_queue", "change": {"actions": ["delete", "create"]}}]}
            """);
    assertThat(planted.unexplained())
        .isEqualTo(Map.of("aws_lb", Set.of("idle_timeout"), "aws_sqs_queue", Set.of("replaced")));
  }

  @Test
  @Order(1)
  void holdsThePolicyWithAllPoliciesKnown() throws IOException, InterruptedException {
    terraform.run(ROOT, "plan", "-refresh=false", "-out=policy.tfplan").orFail();
    Plan plan = Plan.read(terraform.run(ROOT, "show", "-json", "policy.tfplan").orFail().output());

    Exceptions.ofDev().assertHeldBy(plan);
  }

  @Test
  @Order(2)
  void whatIsPublishedToTheTopicIsAnsweredByTheApi() throws IOException, InterruptedException {
    JsonNode system = output();
    try (EmbeddedDatabase database = EmbeddedDatabase.start(Optional.empty())) {
      prepare(system, database);
      prepare(system, database);
      answers(system, database);
    }
  }

  private static void answers(JsonNode system, EmbeddedDatabase database)
      throws IOException, InterruptedException {
    try (ServerProcess ingest = start(system, "ingest", database);
        ServerProcess api = start(system, "api", database)) {
      publish(system.at("/topic_arn").asString());

      eventually(
          () -> "the rows are answered:\n" + ingest.log() + api.log(),
          () -> api.get("/flights/flights?order=flight_id").body().contains("IB3170"));
      assertThat(
              JsonMapper.shared()
                  .readTree(
                      api.get("/flights/flights?select=flight_id,gate&order=flight_id").body()))
          .hasToString(
              "[{\"flight_id\":\"IB3170\",\"gate\":7},{\"flight_id\":\"UX1041\",\"gate\":3}]");
      eventually(
          () -> "the canary goes from the topic to the answer:\n" + api.log(),
          () -> api.metrics().value("canary_served_total", "topic=\"flights\"") > 0);
      assertThat(ingest.get("/flights/flights").statusCode())
          .as("ingest serves no rows")
          .isEqualTo(404);
    }
  }

  /** As ECS would, but for the database, the ports, and where AWS is. */
  private static ServerProcess start(JsonNode system, String role, EmbeddedDatabase database)
      throws IOException, InterruptedException {
    return ServerProcess.start(
        task(system, role, database).process(), directory.resolve(role + ".log"));
  }

  /** As ECS would, with the secret of the administrator. */
  private static void prepare(JsonNode system, EmbeddedDatabase database)
      throws IOException, InterruptedException {
    Ended ended =
        Ended.run(
            task(system, "prepare", database)
                .with("ESCALA_ADMIN_USER", "postgres")
                .with("ESCALA_ADMIN_PASSWORD", "postgres")
                .process());
    assertThat(ended.orFail().output()).contains("escala_serve answers requests, and owns nothing");
  }

  private static EcsTask task(JsonNode system, String program, EmbeddedDatabase database)
      throws IOException, InterruptedException {
    EcsTask task =
        EcsTask.of(
            moto.ecs(
                "DescribeTaskDefinition",
                "{\"taskDefinition\":\"%s\"}"
                    .formatted(system.at("/deployment/task_definitions/" + program).asString())));
    String configuration = task.environment().getOrDefault("ESCALA_CONFIG", "");
    assertThat(configuration).isEqualTo(system.at("/configuration").asString());
    return task.with("ESCALA_CONFIG", here(configuration, database))
        .with("AWS_ENDPOINT_URL", moto.endpoint().toString())
        .with("AWS_ACCESS_KEY_ID", "test")
        .with("AWS_SECRET_ACCESS_KEY", "test");
  }

  /** PostgreSQL is here instead of in RDS, and asks for no TLS; the logins stay those of IAM. */
  private static String here(String configuration, EmbeddedDatabase database) {
    String moved =
        configuration.replaceAll(
            "@[^/\"]+/flights\\?[^\"]*login=aws-iam",
            "@localhost:%d/flights?login=aws-iam".formatted(database.port()));
    assertThat(moved).isNotEqualTo(configuration);
    String listening = moved.replaceFirst("(?m)^\"?http\"?:\n", "$0  \"port\": 0\n");
    assertThat(listening).isNotEqualTo(moved);
    return listening + "admin: {port: 0}\n";
  }

  /** Two flights, one of them twice, by the command of the product. */
  private static void publish(String topicArn) throws IOException, InterruptedException {
    Path events =
        Files.write(
            directory.resolve("events.ndjson"),
            List.of(
                "{\"flight_id\":\"IB3170\",\"gate\":7,\"scheduled_at\":\"2026-11-24T10:00:00Z\"}",
                "{\"flight_id\":\"UX1041\",\"gate\":3,\"scheduled_at\":\"2026-11-24T11:00:00Z\"}",
                "{\"flight_id\":\"IB3170\",\"gate\":7,\"scheduled_at\":\"2026-11-24T10:00:00Z\"}"));
    EcsTask publish =
        new EcsTask(List.of("publish", "flights", events.toString(), "--to", topicArn), Map.of())
            .with("AWS_ENDPOINT_URL", moto.endpoint().toString())
            .with("AWS_REGION", "eu-west-1")
            .with("AWS_ACCESS_KEY_ID", "test")
            .with("AWS_SECRET_ACCESS_KEY", "test");
    var _ = Ended.run(publish.process()).orFail();
  }

  @Test
  @Order(3)
  void destroyLeavesNothing() throws IOException, InterruptedException {
    assertThat(Listing.mentioning("flights", moto)).as("before").isEqualTo(Listing.all());

    terraform.run(ROOT, "destroy", "-auto-approve", "-parallelism=20").orFail();

    assertThat(terraform.run(ROOT, "state", "list").orFail().output()).isBlank();
    assertThat(Listing.mentioning("flights", moto)).as("after").isSubsetOf(Listing.CLUSTERS);
    assertThat(clusterStates()).containsOnly("INACTIVE");
  }

  private static List<String> clusterStates() throws IOException, InterruptedException {
    JsonNode names = moto.ecs("ListClusters", "{}").path("clusterArns");
    JsonNode found = moto.ecs("DescribeClusters", "{\"clusters\":%s}".formatted(names));
    return found.path("clusters").findValuesAsString("status");
  }
}
