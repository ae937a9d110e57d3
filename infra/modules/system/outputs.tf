output "url" {
  description = "Address of the API; the rows are at /{database}/{table}."
  value       = module.edge.url
}

output "rows_url" {
  description = "Address of the rows."
  value       = "${module.edge.url}/${local.topic}/${local.topic}"
}

output "load_balancer_dns_name" {
  description = "Name of the load balancer, for a record made elsewhere."
  value       = module.edge.dns_name
}

output "topic_arn" {
  description = "Where producers publish."
  value       = module.messaging.topic_arn
}

output "queue_url" {
  description = "Where the server receives."
  value       = module.messaging.queue_url
}

output "message_key_arn" {
  description = "Key of the messages: who publishes needs kms:GenerateDataKey and kms:Decrypt with it."
  value       = module.messaging.key_arn
}

output "configuration" {
  description = "The escala.yaml that the tasks get."
  value       = yamlencode(local.escala)
}

output "database" {
  description = "Where the database is, and the secret of its administrator."
  value = {
    identifier        = module.database.identifier
    host              = module.database.host
    reader_host       = module.database.reader_host
    name              = module.database.database_name
    master_secret_arn = module.database.master_secret_arn
  }
}

output "deployment" {
  description = "What a deployment needs: cluster, services, task definitions, and the network of the task that prepares the database."
  value = {
    cluster          = module.service.cluster_name
    services         = module.service.service_names
    task_definitions = module.service.task_definition_arns
    subnets          = module.network.private_subnet_ids
    security_groups  = [module.service.task_security_group_ids["ingest"]]
    pass_roles       = module.service.pass_role_arns
    alarms           = module.observability.alarm_names
  }
}
