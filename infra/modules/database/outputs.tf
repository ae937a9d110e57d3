locals {
  resource_id = local.cluster ? aws_rds_cluster.this[0].cluster_resource_id : aws_db_instance.this[0].resource_id
}

output "identifier" {
  description = "Identifier of the instance or cluster."
  value       = var.name
}

output "host" {
  description = "Where to write."
  value       = local.cluster ? aws_rds_cluster.this[0].endpoint : aws_db_instance.this[0].address
}

output "reader_host" {
  description = "Where to read: the standbys of a cluster, else the instance itself."
  value       = local.cluster ? aws_rds_cluster.this[0].reader_endpoint : aws_db_instance.this[0].address
}

output "port" {
  description = "Port of PostgreSQL."
  value       = 5432
}

output "database_name" {
  description = "Name of the database."
  value       = var.database_name
}

output "login_arn_prefix" {
  description = "With the name of a login behind it: the resource of rds-db:connect."
  value       = "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:dbuser:${local.resource_id}/"
}

output "master_secret_arn" {
  description = "Secret of the administrator, made and rotated by RDS; only the task that prepares the database reads it."
  value       = local.cluster ? aws_rds_cluster.this[0].master_user_secret[0].secret_arn : aws_db_instance.this[0].master_user_secret[0].secret_arn
}

output "key_arn" {
  description = "Key of storage, backups and secret."
  value       = module.key.arn
}

output "security_group_id" {
  description = "Security group of the database."
  value       = aws_security_group.this.id
}

output "dimension" {
  description = "Name and value of the dimension that tells its metrics apart in CloudWatch."
  value       = local.cluster ? { DBClusterIdentifier = var.name } : { DBInstanceIdentifier = var.name }
}
