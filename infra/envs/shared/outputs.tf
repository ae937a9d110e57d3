output "image_repositories" {
  description = "Where images are pushed to, by name."
  value       = module.registry.urls
}

output "collector" {
  description = "For the variable `collector` of a system, which adds the image."
  value = {
    workspace_arn    = module.prometheus.workspace_arn
    remote_write_url = module.prometheus.remote_write_url
  }
}

output "alert_topic_arn" {
  description = "Where alerts of Prometheus are published."
  value       = module.prometheus.alert_topic_arn
}

output "github_role_arns" {
  description = "Roles of the jobs on GitHub: variables PUSH_ROLE_ARN, PLAN_ROLE_ARN, DEPLOY_ROLE_ARN of its environments."
  value       = module.github_oidc.role_arns
}
