output "image_repositories" {
  description = "Where images are pushed to, by name."
  value       = { for name, repository in aws_ecr_repository.images : name => repository.repository_url }
}

output "collector" {
  description = "For the variable `collector` of a system, which adds the image."
  value       = local.collector
}

output "alert_topic_arn" {
  description = "Where alerts of Prometheus are published."
  value       = aws_sns_topic.alerts.arn
}

output "github_role_arns" {
  description = "Roles of the jobs on GitHub: variables PUSH_ROLE_ARN, PLAN_ROLE_ARN, DEPLOY_ROLE_ARN of its environments."
  value       = one(module.github_oidc[*].role_arns)
}

output "network" {
  description = "For the variable `shared_network` of a system; null where systems have networks of their own."
  value       = one(module.network[*].network)
}
