output "arn" {
  description = "The task definition."
  value       = aws_ecs_task_definition.this.arn
}

output "role_name" {
  description = "Role of the program, for a policy of what it may do."
  value       = aws_iam_role.task.name
}

output "role_arns" {
  description = "Roles that whoever starts the task has to pass on."
  value       = [aws_iam_role.execution.arn, aws_iam_role.task.arn]
}
