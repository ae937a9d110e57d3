resource "aws_ecs_cluster" "this" {
  name = local.name

  setting {
    name  = "containerInsights"
    value = "enhanced"
  }

  configuration {
    execute_command_configuration {
      kms_key_id = module.operations_key.arn
      logging    = "OVERRIDE"

      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.this["exec"].name
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
  for_each = local.tasks

  name             = each.key
  cluster          = aws_ecs_cluster.this.arn
  task_definition  = module.task[each.key].arn
  desired_count    = each.value.min
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
    subnets          = local.network.private_subnet_ids
    security_groups  = [aws_security_group.task[each.key].id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = each.key == "api" ? [aws_lb_target_group.api.arn] : []

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
    alarm_names = local.deployment_alarms[each.key]
  }

  # A service can only register where a listener points to.
  depends_on = [module.task, aws_iam_role_policy.task, aws_lb_listener.https]

  lifecycle {
    # The load decides on the number; the deployment on the image, and when a new task definition arrives.
    ignore_changes = [desired_count, task_definition]
  }
}
