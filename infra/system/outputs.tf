output "url" {
  description = "Address of the API; the rows are at /{database}/{table}."
  value       = "https://${local.domain_name}"
}

output "rows_url" {
  description = "Address of the rows."
  value       = "https://${local.domain_name}/${local.topic}/${local.topic}"
}

output "load_balancer_dns_name" {
  description = "Name of the load balancer, for a record made elsewhere."
  value       = aws_lb.this.dns_name
}

output "topic_arn" {
  description = "Where producers publish."
  value       = aws_sns_topic.messages.arn
}

output "queue_url" {
  description = "Where the server receives."
  value       = aws_sqs_queue.messages.id
}

output "message_key_arn" {
  description = "Key of the messages: who publishes needs kms:GenerateDataKey and kms:Decrypt with it."
  value       = module.messages_key.arn
}

output "configuration" {
  description = "The escala.yaml that the tasks get."
  value       = yamlencode(local.escala)
}

output "database" {
  description = "Where the database is, and the secret of its administrator."
  value = {
    identifier        = local.name
    host              = local.database_host.write
    reader_hosts      = local.database_host.read
    name              = local.topic
    master_secret_arn = local.master_secret_arn
  }
}

output "deployment" {
  description = "What a deployment needs: cluster, services, task definitions, and the network of the task that prepares the database."
  value = {
    cluster          = aws_ecs_cluster.this.name
    services         = { for role, service in aws_ecs_service.this : role => service.name }
    task_definitions = { for program, task in module.task : program => task.arn }
    subnets          = local.network.private_subnet_ids
    security_groups  = [aws_security_group.task["ingest"].id]
    pass_roles       = flatten([for task in module.task : task.role_arns])
    alarms           = local.alarm_names
  }
}
