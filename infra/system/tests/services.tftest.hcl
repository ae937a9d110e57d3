mock_provider "aws" {
  source          = "../modules/testing"
  override_during = plan
}

run "two_services_their_rights_logs_and_alarms" {
  command = plan

  assert {
    condition     = length(aws_ecs_service.this["api"].load_balancer) == 1 && length(aws_ecs_service.this["ingest"].load_balancer) == 0
    error_message = "Only the API is behind the load balancer."
  }

  assert {
    condition     = alltrue([for service in aws_ecs_service.this : service.deployment_circuit_breaker[0].rollback && service.alarms[0].rollback && service.availability_zone_rebalancing == "ENABLED" && service.deployment_minimum_healthy_percent == 100])
    error_message = "A bad deployment rolls itself back, and never leaves less than before."
  }

  assert {
    condition     = alltrue([for service in aws_ecs_service.this : !service.network_configuration[0].assign_public_ip && !service.enable_execute_command && service.platform_version == "LATEST"])
    error_message = "Tasks have no public address, and no shell is opened in them."
  }

  assert {
    condition     = aws_appautoscaling_policy.api.target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].resource_label == "app/mock/0123456789abcdef/targetgroup/mock/0123456789abcdef" && aws_appautoscaling_policy.ingest.target_tracking_scaling_policy_configuration[0].target_value == 10000 && aws_appautoscaling_target.this["ingest"].min_capacity == 2
    error_message = "The API follows the requests of its target group, ingest what waits for each task."
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.task["api"].statement : statement.actions])) == toset(["rds-db:connect", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"])
    error_message = "The API logs in to the database, publishes its canary, sees how much waits, and no more."
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.task["ingest"].statement : statement.actions])) == toset(["rds-db:connect", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "kms:Decrypt"])
    error_message = "Ingest takes from its queue, and no more."
  }

  assert {
    condition     = { for role, document in data.aws_iam_policy_document.task : role => toset([for arn in document.statement[0].resources : reverse(split("/", arn))[0]]) } == { api = toset(["escala_read", "escala_serve"]), ingest = toset(["escala_owner", "escala_read"]) }
    error_message = "Only ingest logs in as the owner of the tables."
  }

  assert {
    condition     = toset(keys(aws_iam_role_policy.task)) == toset(["api", "ingest"])
    error_message = "The task that prepares the database may do nothing in AWS: ECS hands it the secret."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.aws : rule.from_port == 443 && rule.to_port == 443 && rule.cidr_ipv4 == null]) && length(aws_vpc_security_group_egress_rule.aws) == 4
    error_message = "Tasks reach AWS by its endpoints, and nothing else."
  }

  assert {
    condition     = alltrue([for name, group in aws_cloudwatch_log_group.this : group.kms_key_id == module.operations_key.arn && group.retention_in_days == (name == "insights" ? 30 : 365)])
    error_message = "Logs are kept for a year, encrypted."
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.metric), [aws_cloudwatch_metric_alarm.api_errors]) : contains(alarm.alarm_actions, aws_sns_topic.alarms.arn)]) && aws_sns_topic_subscription.email["on-call@example.org"].protocol == "email" && aws_sns_topic.alarms.kms_master_key_id == module.operations_key.arn
    error_message = "Each alarm is published, encrypted, to somebody."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["api-slow"].threshold == 0.2 && aws_cloudwatch_metric_alarm.metric["api-too-slow"].threshold == 0.5 && aws_cloudwatch_metric_alarm.metric["api-slow"].extended_statistic == "p99"
    error_message = "Above 200 ms is a warning, above 500 ms critical."
  }

  assert {
    condition     = alltrue([for name in ["dead-letters", "undelivered"] : aws_cloudwatch_metric_alarm.metric[name].threshold == 0]) && aws_cloudwatch_metric_alarm.metric["database-storage"].comparison_operator == "LessThanThreshold"
    error_message = "One dead letter is one too many, in either queue; storage must not get less."
  }

  assert {
    condition     = local.deployment_alarms == { api = ["orders-prod-api-errors", "orders-prod-api-too-slow"], ingest = ["orders-prod-queue-late", "orders-prod-dead-letters"] }
    error_message = "A deployment that hurts is rolled back."
  }
}
