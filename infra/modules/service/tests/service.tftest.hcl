mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  name          = "orders-prod"
  image         = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  configuration = <<-YAML
    databases: {orders: {url: "postgresql://escala_owner@db.internal:5432/orders?sslmode=verify-full&login=aws-iam"}}
    topics: {orders: {table: orders.orders}}
  YAML
  vpc_id        = "vpc-1"
  subnet_ids    = ["subnet-a", "subnet-b", "subnet-c"]
  egress        = { prefix_list_ids = { s3 = "pl-1" }, security_group_ids = { endpoints = "sg-endpoints" }, cidrs = {} }
  edge = {
    security_group_id = "sg-edge"
    target_group_arn  = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders-prod/2"
    dimensions        = { LoadBalancer = "app/orders-prod/1", TargetGroup = "targetgroup/orders-prod/2" }
  }
  database = {
    security_group_id = "sg-database"
    login_arn_prefix  = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABC/"
    master_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1"
    key_arn           = "arn:aws:kms:eu-west-1:123456789012:key/database"
  }
  messaging = {
    topic_arn             = "arn:aws:sns:eu-west-1:123456789012:orders-prod"
    queue_arn             = "arn:aws:sqs:eu-west-1:123456789012:orders-prod"
    queue_name            = "orders-prod"
    dead_letter_queue_arn = "arn:aws:sqs:eu-west-1:123456789012:orders-prod-dead-letter"
    key_arn               = "arn:aws:kms:eu-west-1:123456789012:key/messages"
  }
  observability = {
    key_arn        = "arn:aws:kms:eu-west-1:123456789012:key/logs"
    log_groups     = { api = "/escala/orders-prod/api", ingest = "/escala/orders-prod/ingest", prepare = "/escala/orders-prod/prepare", collector = "/escala/orders-prod/collector" }
    log_group_arns = { api = "arn:api", ingest = "arn:ingest", prepare = "arn:prepare", collector = "arn:collector" }
    exec_log_group = "/escala/orders-prod/exec"
    alarms         = { api = ["orders-prod-api-errors"], ingest = ["orders-prod-queue-late"] }
  }
}

run "two_services_of_one_image" {
  command = plan

  assert {
    condition     = toset([for role in ["api", "ingest"] : jsondecode(aws_ecs_task_definition.this[role].container_definitions)[0].image]) == toset([var.image])
    error_message = "Both run the same image."
  }

  assert {
    condition     = alltrue([for role in ["api", "ingest"] : jsondecode(aws_ecs_task_definition.this[role].container_definitions)[0].command == ["serve", "--role", role]])
    error_message = "The command tells what a task does."
  }

  assert {
    condition     = length(aws_ecs_service.this["api"].load_balancer) == 1 && length(aws_ecs_service.this["ingest"].load_balancer) == 0
    error_message = "Only the API is behind the load balancer."
  }

  assert {
    condition     = alltrue([for service in aws_ecs_service.this : service.deployment_circuit_breaker[0].rollback && service.alarms[0].rollback && service.availability_zone_rebalancing == "ENABLED" && service.deployment_minimum_healthy_percent == 100])
    error_message = "A bad deployment rolls itself back, and never leaves less than before."
  }

  assert {
    condition     = alltrue([for role in ["api", "ingest"] : length(jsondecode(aws_ecs_task_definition.this[role].container_definitions)) == 1])
    error_message = "Without a workspace there is no collector."
  }
}

run "hardened_tasks" {
  command = plan

  variables {
    collector = {
      image            = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/collector@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
      workspace_arn    = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-1"
      remote_write_url = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write"
    }
  }

  assert {
    condition = alltrue(flatten([
      for definition in concat(values(aws_ecs_task_definition.this), [aws_ecs_task_definition.prepare]) : [
        for container in jsondecode(definition.container_definitions) :
        container.readonlyRootFilesystem && !container.privileged && container.user == "65532:65532" && container.linuxParameters.capabilities.drop == ["ALL"]
      ]
    ]))
    error_message = "No container can write to its image, is root, or has a capability."
  }

  assert {
    condition     = alltrue([for service in aws_ecs_service.this : !service.network_configuration[0].assign_public_ip && !service.enable_execute_command && service.platform_version == "LATEST"])
    error_message = "Tasks have no public address, and no shell is opened in them."
  }

  assert {
    condition     = alltrue([for definition in aws_ecs_task_definition.this : definition.execution_role_arn != null && definition.task_role_arn != null && definition.runtime_platform[0].cpu_architecture == "ARM64"])
    error_message = "They run on ARM64, with roles to start and to work."
  }

  assert {
    condition     = yamldecode(jsondecode(aws_ecs_task_definition.this["api"].container_definitions)[1].environment[1].value).receivers.prometheus.config.scrape_configs[0].static_configs[0].targets == ["localhost:8081"]
    error_message = "The collector scrapes the task it lives in."
  }

  assert {
    condition     = length(local.repository_arns) == 2 && contains(local.repository_arns, "arn:aws:ecr:eu-west-1:123456789012:repository/collector")
    error_message = "ECS may pull both images, and no others."
  }
}

run "least_privilege" {
  command = plan

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.task["api"].statement : statement.actions])) == toset(["rds-db:connect", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"])
    error_message = "The API logs in to the database, publishes its canary, sees how much waits, and no more."
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.task["ingest"].statement : statement.actions])) == toset(["rds-db:connect", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "kms:Decrypt"])
    error_message = "Ingest takes from its queue, and no more."
  }

  assert {
    condition     = !contains(flatten([for statement in data.aws_iam_policy_document.execution["serve"].statement : statement.actions]), "secretsmanager:GetSecretValue") && contains(flatten([for statement in data.aws_iam_policy_document.execution["prepare"].statement : statement.actions]), "secretsmanager:GetSecretValue")
    error_message = "Only the task that prepares the database gets the secret."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.aws : rule.from_port == 443 && rule.to_port == 443 && rule.cidr_ipv4 == null]) && length(aws_vpc_security_group_egress_rule.aws) == 4
    error_message = "Tasks reach AWS by its endpoints, and nothing else."
  }
}

run "follows_the_load" {
  command = plan

  assert {
    condition     = aws_appautoscaling_policy.api[0].target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].resource_label == "app/orders-prod/1/targetgroup/orders-prod/2"
    error_message = "The API follows the requests of its target group."
  }

  assert {
    condition     = aws_appautoscaling_policy.ingest[0].target_tracking_scaling_policy_configuration[0].target_value == 10000 && aws_appautoscaling_target.this["ingest"].min_capacity == 2
    error_message = "Ingest follows what waits for each task."
  }
}

run "a_disposable_system_without_scaling" {
  command = plan

  variables {
    disposable         = true
    create_autoscaling = false
    api                = { min_tasks = 1, max_tasks = 1, cpu = 256, memory = 512 }
    ingest             = { min_tasks = 1, max_tasks = 1, cpu = 256, memory = 512 }
  }

  assert {
    condition     = length(aws_appautoscaling_target.this) == 0 && aws_ecs_service.this["api"].desired_count == 1
    error_message = "A single task is enough where an interruption hurts nobody."
  }
}

run "refuses_a_single_task" {
  command = plan

  variables {
    ingest = { min_tasks = 1 }
  }

  expect_failures = [aws_ecs_service.this]
}

run "refuses_a_critical_system_in_two_tasks" {
  command = plan

  variables {
    tier = "critical"
  }

  expect_failures = [aws_ecs_service.this]
}

run "refuses_tags_passwords_and_sizes" {
  command = plan

  variables {
    image         = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala:latest"
    configuration = "databases: {orders: {url: \"postgresql://escala:secret@db/orders\"}}\ntopics: {}\n"
    api           = { cpu = 300 }
    ingest        = { memory = 100 }
    collector     = { image = "collector:latest", workspace_arn = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-1", remote_write_url = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write" }
    edge          = { security_group_id = "sg-edge", target_group_arn = "orders", dimensions = { LoadBalancer = "app/orders-prod/1", TargetGroup = "targetgroup/orders-prod/2" } }
  }

  expect_failures = [var.image, var.configuration, var.api, var.ingest, var.collector, var.edge]
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name           = "orders_prod"
    tier           = "gold"
    configuration  = "databases:"
    health_command = ["CMD-SHELL", "curl localhost"]
    api            = { min_tasks = 0 }
    ingest         = { min_tasks = 3, max_tasks = 2 }
    vpc_id         = "orders"
    subnet_ids     = ["subnet-a"]
    egress         = { prefix_list_ids = {}, security_group_ids = {}, cidrs = {} }
    logins         = { owner = "escala", reader = "escala" }
    collector      = { image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/collector@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210", workspace_arn = "ws-1", remote_write_url = "http://elsewhere" }
    database       = { security_group_id = "sg", login_arn_prefix = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/", master_secret_arn = "arn", key_arn = "arn" }
    messaging      = { topic_arn = "orders", queue_arn = "orders", queue_name = "orders", dead_letter_queue_arn = "orders", key_arn = "orders" }
    observability  = { key_arn = "arn", log_groups = {}, log_group_arns = {}, exec_log_group = "exec", alarms = { api = [], ingest = [] } }
  }

  expect_failures = [
    var.name,
    var.tier,
    var.configuration,
    var.health_command,
    var.api,
    var.ingest,
    var.vpc_id,
    var.subnet_ids,
    var.egress,
    var.logins,
    var.collector,
    var.database,
    var.messaging,
    var.observability,
  ]
}
