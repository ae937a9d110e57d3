locals {
  # Nobody, in every image without a shell.
  user = "65532:65532"

  log = {
    for container in ["api", "ingest", "prepare", "collector"] : container => {
      logDriver = "awslogs"
      options = {
        awslogs-group         = var.observability.log_groups[container]
        awslogs-region        = local.region
        awslogs-stream-prefix = container
        # A log service that stalls must not stall the server.
        mode            = "non-blocking"
        max-buffer-size = "4m"
      }
    }
  }

  hardening = {
    user                   = local.user
    privileged             = false
    readonlyRootFilesystem = true
    linuxParameters = {
      initProcessEnabled = false
      capabilities       = { drop = ["ALL"] }
    }
  }

  server = {
    for role, size in local.roles : role => merge(local.hardening, {
      name      = "escala"
      image     = var.image
      essential = true
      command   = ["serve", "--role", role]
      # Longer than the drain of 20 s and the deregistration of 30 s together.
      stopTimeout = 60
      environment = [
        { name = "AWS_REGION", value = local.region },
        { name = "ESCALA_CONFIG", value = var.configuration },
      ]
      portMappings = [
        { name = "http", containerPort = 8080, hostPort = 8080, protocol = "tcp" },
        { name = "admin", containerPort = 8081, hostPort = 8081, protocol = "tcp" },
      ]
      healthCheck = {
        command     = var.health_command
        interval    = 10
        timeout     = 5
        retries     = 3
        startPeriod = 30
      }
      logConfiguration = local.log[role]
    })
  }

  sidecars = var.collector == null ? [] : [merge(local.hardening, {
    name      = "collector"
    image     = var.collector.image
    essential = false
    cpu       = 64
    memory    = 192
    environment = [
      { name = "AWS_REGION", value = local.region },
      { name = "AOT_CONFIG_CONTENT", value = local.collector_configuration },
    ]
    logConfiguration = local.log["collector"]
  })]
}

resource "aws_ecs_task_definition" "this" {
  for_each = local.roles

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = aws_iam_role.execution["serve"].arn
  task_role_arn            = aws_iam_role.task[each.key].arn
  container_definitions    = jsonencode(concat([local.server[each.key]], local.sidecars))

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }
}

# Run once before the first start: makes the logins of the database. It alone gets the administrator's secret.
resource "aws_ecs_task_definition" "prepare" {
  family                   = "${var.name}-prepare"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution["prepare"].arn
  task_role_arn            = aws_iam_role.task["ingest"].arn

  container_definitions = jsonencode([merge(local.hardening, {
    name      = "escala"
    image     = var.image
    essential = true
    command   = ["prepare"]
    environment = [
      { name = "AWS_REGION", value = local.region },
      { name = "ESCALA_CONFIG", value = var.configuration },
    ]
    secrets = [
      { name = "ESCALA_ADMIN_USER", valueFrom = "${var.database.master_secret_arn}:username::" },
      { name = "ESCALA_ADMIN_PASSWORD", valueFrom = "${var.database.master_secret_arn}:password::" },
    ]
    logConfiguration = local.log["prepare"]
  })])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }
}
