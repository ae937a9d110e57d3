mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  name          = "orders-prod"
  load_balancer = { LoadBalancer = "app/orders-prod/1", TargetGroup = "targetgroup/orders-prod/2" }
  queue_names   = { queue = "orders-prod", dead_letter = "orders-prod-dead-letter", undelivered = "orders-prod-undelivered" }
  topic_name    = "orders-prod"
  database      = { DBInstanceIdentifier = "orders-prod" }
}

run "logs_are_encrypted_and_end" {
  command = plan

  assert {
    condition     = toset(keys(aws_cloudwatch_log_group.container)) == toset(["api", "ingest", "prepare", "collector"])
    error_message = "Each container has a log group."
  }

  assert {
    condition     = alltrue([for group in concat(values(aws_cloudwatch_log_group.container), [aws_cloudwatch_log_group.exec]) : group.retention_in_days == 365 && group.kms_key_id == module.key.arn])
    error_message = "Logs are kept for a year, encrypted."
  }
}

run "alarms_reach_somebody" {
  command = plan

  variables {
    alarm_emails = ["on-call@example.org"]
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.metric), [aws_cloudwatch_metric_alarm.api_errors, aws_cloudwatch_metric_alarm.database_storage]) : contains(alarm.alarm_actions, aws_sns_topic.alarms.arn)])
    error_message = "Each alarm is published."
  }

  assert {
    condition     = aws_sns_topic_subscription.email["on-call@example.org"].protocol == "email" && aws_sns_topic.alarms.kms_master_key_id == module.key.arn
    error_message = "Alarms are encrypted and sent."
  }
}

run "thresholds_are_those_of_the_objectives" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["api-slow"].threshold == 0.2 && aws_cloudwatch_metric_alarm.metric["api-too-slow"].threshold == 0.5 && aws_cloudwatch_metric_alarm.metric["api-slow"].extended_statistic == "p99"
    error_message = "Above 200 ms is a warning, above 500 ms critical."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["dead-letters"].threshold == 0 && aws_cloudwatch_metric_alarm.metric["undelivered"].threshold == 0
    error_message = "One dead letter is one too many, in either queue."
  }

  assert {
    condition     = toset(output.deployment_alarm_names.api) == toset(["orders-prod-api-errors", "orders-prod-api-too-slow"]) && toset(output.deployment_alarm_names.ingest) == toset(["orders-prod-queue-late", "orders-prod-dead-letters"])
    error_message = "A deployment that hurts is rolled back."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name                     = "orders_prod"
    log_retention_days       = 0
    key_deletion_window_days = 1
    alarm_emails             = ["nobody"]
    topic_name               = ""
    load_balancer            = { LoadBalancer = "orders", TargetGroup = "orders" }
    queue_names              = { queue = "orders", dead_letter = "orders", undelivered = "orders" }
    database                 = { Database = "orders" }
    queue_age_seconds        = 1
    minimum_free_storage_gib = 0
  }

  expect_failures = [
    var.name,
    var.log_retention_days,
    var.key_deletion_window_days,
    var.alarm_emails,
    var.topic_name,
    var.load_balancer,
    var.queue_names,
    var.database,
    var.queue_age_seconds,
    var.minimum_free_storage_gib,
  ]
}
