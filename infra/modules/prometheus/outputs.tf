output "workspace_arn" {
  description = "ARN of the workspace."
  value       = aws_prometheus_workspace.this.arn
}

output "remote_write_url" {
  description = "Where collectors write."
  value       = "${aws_prometheus_workspace.this.prometheus_endpoint}api/v1/remote_write"
}

output "query_url" {
  description = "Where Grafana asks, signed for the service aps."
  value       = aws_prometheus_workspace.this.prometheus_endpoint
}

output "alert_topic_arn" {
  description = "Where alerts are published; the attribute receiver says which one of the tree it is for."
  value       = aws_sns_topic.alerts.arn
}
