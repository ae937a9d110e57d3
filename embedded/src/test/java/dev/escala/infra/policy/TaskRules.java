package dev.escala.infra.policy;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** ECS, and the registry of its images. */
final class TaskRules {
  private static final int LEAST_TASKS = 2;
  private static final String CLUSTER = "aws_ecs_cluster";
  private static final String SERVICE = "aws_ecs_service";
  private static final String TASK = "aws_ecs_task_definition";
  private static final String REPOSITORY = "aws_ecr_repository";
  private static final Pattern SECRET = Pattern.compile("(?i)password|secret|token|private_key");

  private TaskRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
            "CKV_AWS_65",
            "containers are watched",
            CLUSTER,
            cluster ->
                cluster.each("/setting").stream()
                    .anyMatch(setting -> setting.at("/value").asString("").equals("enhanced"))),
        exec(
            "CKV_AWS_223",
            "shells in tasks are logged",
            exec -> exec.at("/logging").asString("").equals("OVERRIDE")),
        exec(
            "CKV_AWS_224",
            "and these logs are encrypted",
            exec ->
                exec.at("/log_configuration/0/cloud_watch_encryption_enabled").asBoolean(false)),
        Rule.of(
            "CKV_AWS_249",
            "one role starts a task, another works in it",
            TASK,
            task ->
                (task.has("/execution_role_arn") && task.has("/task_role_arn"))
                    && (task.willHave("/task_role_arn")
                        || !task.text("/execution_role_arn").equals(task.text("/task_role_arn")))),
        Rule.of(
            "CKV_AWS_332",
            "runs on the latest platform",
            SERVICE,
            service -> service.text("/platform_version").equals("LATEST")),
        Rule.of(
            "CKV_AWS_333",
            "has no public address",
            SERVICE,
            service -> !service.is("/network_configuration/0/assign_public_ip")),
        Rule.of(
            "ESC_8",
            "a deployment that fails, or raises an alarm, is rolled back",
            SERVICE,
            service ->
                service.is("/deployment_circuit_breaker/0/rollback")
                    && service.is("/alarms/0/rollback")
                    && !service.texts("/alarms/0/alarm_names").isEmpty()),
        Rule.of(
            "ESC_9",
            "runs at least twice",
            SERVICE,
            service -> service.number("/desired_count") >= LEAST_TASKS),
        Rule.of(
            "ESC_10",
            "opens no shells",
            SERVICE,
            service -> !service.is("/enable_execute_command")),
        container("CKV_AWS_334", "is not privileged", c -> !c.at("/privileged").asBoolean(false)),
        Rule.of("CKV_AWS_335", "sees only its own processes", TASK, task -> !task.has("/pid_mode")),
        container(
            "CKV_AWS_336",
            "cannot write to its image",
            c -> c.at("/readonlyRootFilesystem").asBoolean(false)),
        container("ESC_11", "is not root", c -> c.at("/user").asString("").matches("[1-9].*")),
        container(
            "ESC_12",
            "has no capabilities",
            c -> c.at("/linuxParameters/capabilities/drop/0").asString("").equals("ALL")),
        container(
            "ESC_13",
            "its image is named by digest",
            c -> c.at("/image").asString("").matches(".*@sha256:[0-9a-f]{64}")),
        container(
            "ESC_14",
            "its log has a place",
            c -> !c.at("/logConfiguration/options/awslogs-group").asString("").isEmpty()),
        container(
            "ESC_15",
            "no secret lies in its environment",
            c ->
                StreamSupport.stream(c.at("/environment").spliterator(), false)
                    .noneMatch(v -> SECRET.matcher(v.at("/name").asString("")).find())),
        Rule.of(
            "CKV_AWS_51",
            "a tag never moves to another image",
            REPOSITORY,
            repository -> repository.text("/image_tag_mutability").equals("IMMUTABLE")),
        Rule.of(
            "CKV_AWS_136",
            "images are encrypted with an own key",
            REPOSITORY,
            repository ->
                repository.text("/encryption_configuration/0/encryption_type").equals("KMS")),
        Rule.of(
            "CKV_AWS_163",
            "images are scanned",
            REPOSITORY,
            repository -> repository.is("/image_scanning_configuration/0/scan_on_push")));
  }

  private static Rule exec(String id, String text, Predicate<JsonNode> holds) {
    return Rule.of(
        id,
        text,
        CLUSTER,
        cluster ->
            holds.test(cluster.values().at("/configuration/0/execute_command_configuration/0")));
  }

  /** Containers that are not known before apply are held by the tests of the module. */
  private static Rule container(String id, String text, Predicate<JsonNode> holds) {
    return Rule.of(
        id,
        text,
        TASK,
        task ->
            task.json("/container_definitions")
                .map(all -> StreamSupport.stream(all.spliterator(), false).allMatch(holds))
                .orElse(task.willHave("/container_definitions")));
  }
}
