# CloudWatch sees what AWS sees, also when no task is left to be scraped; the objectives themselves are kept by Prometheus.
locals {
  edge_dimensions = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.api.arn_suffix }
  engine          = local.instance ? { DBInstanceIdentifier = local.name } : { DBClusterIdentifier = local.name }

  metric_alarms = merge(local.common_alarms, local.aurora ? local.aurora_alarms : local.storage_alarms, local.replica_alarms)

  common_alarms = {
    api-unhealthy = {
      description = "A task of the API does not answer /ping."
      namespace   = "AWS/ApplicationELB", metric = "UnHealthyHostCount", statistic = "Maximum", dimensions = local.edge_dimensions
      threshold   = 0, period = 60, periods = 3, missing = "breaching"
    }
    api-slow = {
      description = "The slowest hundredth of the answers takes more than 200 ms."
      namespace   = "AWS/ApplicationELB", metric = "TargetResponseTime", statistic = "p99", dimensions = local.edge_dimensions
      threshold   = 0.2, period = 60, periods = 5, missing = "notBreaching"
    }
    api-too-slow = {
      description = "The slowest hundredth of the answers takes more than 500 ms."
      namespace   = "AWS/ApplicationELB", metric = "TargetResponseTime", statistic = "p99", dimensions = local.edge_dimensions
      threshold   = 0.5, period = 60, periods = 3, missing = "notBreaching"
    }
    queue-late = {
      description = "Messages wait for longer than 300 s."
      namespace   = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", statistic = "Maximum", dimensions = { QueueName = aws_sqs_queue.messages.name }
      threshold   = 300, period = 60, periods = 3, missing = "notBreaching"
    }
    dead-letters = {
      description = "A message was received again and again and not settled."
      namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum", dimensions = { QueueName = aws_sqs_queue.parked["dead-letter"].name }
      threshold   = 0, period = 60, periods = 1, missing = "notBreaching"
    }
    undelivered = {
      description = "SNS gave up delivering a message to the queue."
      namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum", dimensions = { QueueName = aws_sqs_queue.parked["undelivered"].name }
      threshold   = 0, period = 60, periods = 1, missing = "notBreaching"
    }
    topic-failing = {
      description = "SNS could not deliver a message anywhere, not even to the queue of the undelivered."
      namespace   = "AWS/SNS", metric = "NumberOfNotificationsFailedToRedriveToDlq", statistic = "Sum", dimensions = { TopicName = aws_sns_topic.messages.name }
      threshold   = 0, period = 60, periods = 1, missing = "notBreaching"
    }
    database-connections = {
      description = "The database has more connections than any number of tasks opens."
      namespace   = "AWS/RDS", metric = "DatabaseConnections", statistic = "Maximum", dimensions = local.engine
      threshold   = 200, period = 60, periods = 5, missing = "breaching"
    }
  }

  storage_alarms = {
    database-storage = {
      description = "The database has less than 10 GiB left."
      namespace   = "AWS/RDS", metric = "FreeStorageSpace", statistic = "Minimum", dimensions = local.engine
      threshold   = 10 * 1024 * 1024 * 1024, period = 300, periods = 2, missing = "missing"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "metric" {
  for_each = local.metric_alarms

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.description
  comparison_operator = each.value.metric == "FreeStorageSpace" ? "LessThanThreshold" : "GreaterThanThreshold"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  # Percentiles of a handful of requests say nothing.
  evaluate_low_sample_count_percentiles = startswith(each.value.statistic, "p") ? "ignore" : null
}

# Errors of the tasks and of the load balancer itself, which no task ever sees.
resource "aws_cloudwatch_metric_alarm" "api_errors" {
  alarm_name          = "${local.name}-api-errors"
  alarm_description   = "More than 1 % of the requests, and at least ten a minute, fail."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.01
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "ratio"
    expression  = "IF(FILL(target, 0) + FILL(edge, 0) >= 10, (FILL(target, 0) + FILL(edge, 0)) / requests, 0)"
    label       = "Share of failed requests"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = {
      requests = "RequestCount"
      target   = "HTTPCode_Target_5XX_Count"
      edge     = "HTTPCode_ELB_5XX_Count"
    }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        dimensions  = { LoadBalancer = aws_lb.this.arn_suffix }
        period      = 60
        stat        = "Sum"
      }
    }
  }
}

locals {
  alarm_names = concat([for alarm in aws_cloudwatch_metric_alarm.metric : alarm.alarm_name], [aws_cloudwatch_metric_alarm.api_errors.alarm_name])

  # Those that roll a deployment back.
  deployment_alarms = {
    api    = [aws_cloudwatch_metric_alarm.api_errors.alarm_name, aws_cloudwatch_metric_alarm.metric["api-too-slow"].alarm_name]
    ingest = [aws_cloudwatch_metric_alarm.metric["queue-late"].alarm_name, aws_cloudwatch_metric_alarm.metric["dead-letters"].alarm_name]
  }
}
