data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  region  = data.aws_region.current.name
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"

  roles = {
    api    = var.api
    ingest = var.ingest
  }
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enhanced"
  }

  configuration {
    execute_command_configuration {
      kms_key_id = var.observability.key_arn
      logging    = "OVERRIDE"

      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = var.observability.exec_log_group
      }
    }
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}

resource "aws_ecs_service" "this" {
  for_each = local.roles

  name             = each.key
  cluster          = aws_ecs_cluster.this.arn
  task_definition  = aws_ecs_task_definition.this[each.key].arn
  desired_count    = each.value.min_tasks
  launch_type      = "FARGATE"
  platform_version = "LATEST"

  availability_zone_rebalancing      = "ENABLED"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = each.key == "api" ? 30 : null
  enable_execute_command             = false
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.task[each.key].id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = each.key == "api" ? [var.edge.target_group_arn] : []

    content {
      target_group_arn = load_balancer.value
      container_name   = "escala"
      container_port   = 8080
    }
  }

  # Tasks that do not come up, and alarms while they do: both roll back, also if whoever deploys is gone.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  alarms {
    enable      = true
    rollback    = true
    alarm_names = var.observability.alarms[each.key]
  }

  depends_on = [aws_iam_role_policy.execution, aws_iam_role_policy.task]

  lifecycle {
    # The load decides on the number, the deployment on the image.
    ignore_changes = [desired_count, task_definition]

    precondition {
      condition     = var.disposable || each.value.min_tasks >= 2
      error_message = "Only a disposable system may have a single ${each.key} task."
    }

    precondition {
      condition     = var.tier != "critical" || (each.value.min_tasks >= 3 && length(var.subnet_ids) >= 3)
      error_message = "Tier critical (99.99 %) needs three ${each.key} tasks in three zones."
    }
  }
}
