data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  region  = data.aws_region.current.name
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"

  # What the program may use: the JVM takes its share of it, and the collector has the rest.
  memory           = var.size.memory - (var.collector == null ? 0 : local.collector_memory)
  collector_memory = 192

  # There is no shell in the image.
  health_command = ["CMD", "/opt/escala/runtime/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx16m", "-cp", "/opt/escala/app/escala-server.jar", "dev.escala.app.ContainerCheck"]

  containers = concat(
    [merge(local.every_container["escala"], {
      name      = "escala"
      image     = var.image
      essential = true
      memory    = local.memory
      command   = var.command
      # Longer than the drain of 20 s and the deregistration of 30 s together.
      stopTimeout  = 60
      environment  = [for name, value in merge(var.environment, { AWS_REGION = local.region }) : { name = name, value = value }]
      secrets      = var.secret == null ? [] : [for name, key in var.secret.variables : { name = name, valueFrom = "${var.secret.arn}:${key}::" }]
      portMappings = [for name, port in var.ports : { name = name, containerPort = port, hostPort = port, protocol = "tcp" }]
      }, var.health_check ? {
      healthCheck = { command = local.health_command, interval = 10, timeout = 5, retries = 3, startPeriod = 30 }
    } : {})],
    [for collector in var.collector[*] : merge(local.every_container["collector"], {
      name      = "collector"
      image     = collector.image
      essential = collector.essential
      cpu       = 64
      memory    = local.collector_memory
      environment = [
        { name = "AWS_REGION", value = local.region },
        { name = "AOT_CONFIG_CONTENT", value = local.collector_configuration },
      ]
    })],
  )

  every_container = {
    for container in ["escala", "collector"] : container => {
      # Nobody, in every image without a shell.
      user                   = "65532:65532"
      privileged             = false
      readonlyRootFilesystem = true
      linuxParameters        = { initProcessEnabled = false, capabilities = { drop = ["ALL"] } }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = var.log_group.name
          awslogs-region        = local.region
          awslogs-stream-prefix = container
          # A log service that stalls must not stall the server.
          mode            = "non-blocking"
          max-buffer-size = "4m"
        }
      }
    }
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.size.cpu
  memory                   = var.size.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode(local.containers)
  # A service that still runs an earlier one, and its way back, need it.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }
}
