output "cluster_name" {
  description = "Name of the cluster."
  value       = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_ecs_cluster.this.arn
}

output "service_names" {
  description = "Names of the services, by role."
  value       = { for role, service in aws_ecs_service.this : role => service.name }
}

output "task_definition_arns" {
  description = "Task definitions as Terraform made them: of `api`, `ingest`, and of `prepare`, which is run once."
  value       = merge({ for role, definition in aws_ecs_task_definition.this : role => definition.arn }, { prepare = aws_ecs_task_definition.prepare.arn })
}

output "task_security_group_ids" {
  description = "Security groups of the tasks, by role."
  value       = { for role, group in aws_security_group.task : role => group.id }
}

output "pass_role_arns" {
  description = "Roles that whoever deploys has to pass on to the tasks."
  value       = concat([for role in aws_iam_role.execution : role.arn], [for role in aws_iam_role.task : role.arn])
}
