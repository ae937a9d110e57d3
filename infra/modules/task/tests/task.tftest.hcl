mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  name        = "orders-prod-api"
  image       = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  command     = ["serve", "--role", "api"]
  environment = { ESCALA_CONFIG = "topics: {}" }
  size        = { cpu = 512, memory = 1024 }
  log_group   = { name = "/escala/orders-prod/api", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/escala/orders-prod/api" }
  ports       = { http = 8080 }
  collector = {
    image            = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/collector@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
    workspace_arn    = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-1"
    remote_write_url = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write"
  }
}

run "hardened_with_a_collector_that_scrapes_the_container_beside_it" {
  command = plan

  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.readonlyRootFilesystem && !container.privileged && container.user == "65532:65532" && container.linuxParameters.capabilities.drop == ["ALL"]])
    error_message = "No container can write to its image, is root, or has a capability."
  }

  assert {
    condition     = sum([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.memory]) == 1024
    error_message = "The containers share the memory of the task, and none may take that of the other."
  }

  assert {
    condition     = aws_ecs_task_definition.this.skip_destroy && aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "ARM64"
    error_message = "A new task definition leaves the one that runs in its place, on ARM64."
  }

  assert {
    condition     = !contains(flatten([for statement in data.aws_iam_policy_document.execution.statement : statement.actions]), "secretsmanager:GetSecretValue") && local.repository_arns == tolist(["arn:aws:ecr:eu-west-1:123456789012:repository/escala", "arn:aws:ecr:eu-west-1:123456789012:repository/collector"])
    error_message = "ECS may pull both images and no others, and gets at no secret."
  }

  assert {
    condition     = yamldecode(local.collector_configuration).receivers.prometheus.config.scrape_configs[0].static_configs[0].targets == ["localhost:8081"] && yamldecode(local.collector_configuration).exporters.prometheusremotewrite.endpoint == var.collector.remote_write_url
    error_message = "It scrapes the task it lives in, and writes to the workspace."
  }

  assert {
    condition     = data.aws_iam_policy_document.metrics[0].statement[0].resources == toset([var.collector.workspace_arn])
    error_message = "It may write to this workspace alone."
  }
}

run "with_a_secret_and_without_a_collector" {
  command = plan

  variables {
    collector    = null
    health_check = false
    secret       = { arn = "arn:secret", key_arn = "arn:key", variables = { ESCALA_ADMIN_PASSWORD = "password" } }
  }

  assert {
    condition     = one(jsondecode(aws_ecs_task_definition.this.container_definitions)).secrets == [{ name = "ESCALA_ADMIN_PASSWORD", valueFrom = "arn:secret:password::" }] && one([for statement in data.aws_iam_policy_document.execution.statement : statement.resources if contains(statement.actions, "secretsmanager:GetSecretValue")]) == toset(["arn:secret"])
    error_message = "ECS reads this secret for the task, and no other."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name        = "orders_prod"
    image       = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala:latest"
    command     = []
    environment = { ESCALA_CONFIG = "databases: {orders: {url: \"postgresql://escala:secret@db/orders\"}}" }
    size        = { cpu = 300 }
    log_group   = { name = "logs", arn = "arn" }
    ports       = { http = 80 }
    secret      = { arn = "arn", key_arn = "arn", variables = {} }
    collector   = { image = "collector:latest", workspace_arn = "ws-1", remote_write_url = "http://elsewhere" }
  }

  expect_failures = [var.name, var.image, var.command, var.environment, var.size, var.log_group, var.ports, var.secret, var.collector]
}

run "refuses_a_token_in_the_open" {
  command = plan

  variables {
    environment = { ESCALA_PROBE = "targets:\n  - url: https://orders.example.org\n    token: secret\n" }
  }

  expect_failures = [var.environment]
}
