output "key_arn" {
  description = "Key of logs and alarms."
  value       = module.key.arn
}

output "log_groups" {
  description = "Names of the log groups of the containers: api, ingest, prepare, collector."
  value       = { for container, group in aws_cloudwatch_log_group.container : container => group.name }
}

output "log_group_arns" {
  description = "Their ARNs."
  value       = { for container, group in aws_cloudwatch_log_group.container : container => group.arn }
}

output "exec_log_group" {
  description = "Name of the log group of shells in tasks."
  value       = aws_cloudwatch_log_group.exec.name
}

output "alarm_topic_arn" {
  description = "Where alarms are published."
  value       = aws_sns_topic.alarms.arn
}

output "alarm_names" {
  description = "All alarms."
  value       = concat([for alarm in aws_cloudwatch_metric_alarm.metric : alarm.alarm_name], [aws_cloudwatch_metric_alarm.api_errors.alarm_name, aws_cloudwatch_metric_alarm.database_storage.alarm_name])
}

output "deployment_alarm_names" {
  description = "Alarms that roll a deployment back, by service."
  value = {
    api    = [aws_cloudwatch_metric_alarm.api_errors.alarm_name, aws_cloudwatch_metric_alarm.metric["api-too-slow"].alarm_name]
    ingest = [aws_cloudwatch_metric_alarm.metric["queue-late"].alarm_name, aws_cloudwatch_metric_alarm.metric["dead-letters"].alarm_name]
  }
}
