mock_provider "aws" {
  source          = "../modules/testing"
  override_during = plan
}

run "a_standby_in_another_zone" {
  command = plan

  assert {
    condition     = length(aws_rds_cluster.this) == 0 && aws_db_instance.this[0].multi_az && aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].kms_key_id == module.database_key.arn && !aws_db_instance.this[0].publicly_accessible
    error_message = "By default an instance has a standby, is encrypted with an own key and not public."
  }

  assert {
    condition     = aws_db_instance.this[0].deletion_protection && !aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].backup_retention_period == 14 && aws_db_instance.this[0].copy_tags_to_snapshot
    error_message = "Data survive mistakes."
  }

  assert {
    condition     = aws_db_instance.this[0].manage_master_user_password && aws_db_instance.this[0].iam_database_authentication_enabled && aws_db_instance.this[0].ca_cert_identifier == "rds-ca-rsa2048-g1"
    error_message = "Nobody writes a password down, and the server logs in by IAM over TLS."
  }

  assert {
    condition     = contains(aws_db_parameter_group.this[0].parameter, { apply_method = "pending-reboot", name = "rds.force_ssl", value = "1" }) && aws_db_parameter_group.this[0].family == "postgres17"
    error_message = "PostgreSQL refuses connections without TLS."
  }

  assert {
    condition     = toset(aws_db_instance.this[0].enabled_cloudwatch_logs_exports) == toset(["postgresql", "upgrade"]) && aws_cloudwatch_log_group.this["postgresql"].name == "/aws/rds/instance/orders-prod/postgresql"
    error_message = "Its logs are exported into groups with retention and key."
  }

  assert {
    condition     = toset(keys(aws_vpc_security_group_ingress_rule.database)) == toset(["api", "ingest"]) && alltrue([for rule in aws_vpc_security_group_ingress_rule.database : rule.from_port == 5432 && rule.to_port == 5432])
    error_message = "Only the tasks reach it, on its port."
  }

  assert {
    condition     = local.login_arn_prefix == "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL/" && output.database.host == output.database.reader_host
    error_message = "Logins are named by the resource id."
  }
}

run "a_cluster_for_the_critical_tier" {
  command = plan

  variables {
    tier = "critical"
  }

  assert {
    condition     = length(aws_db_instance.this) == 0 && aws_rds_cluster.this[0].db_cluster_instance_class == "db.m6gd.large" && strcontains(local.login_arn_prefix, "cluster-ABCDEFGHIJKL")
    error_message = "A critical system has a cluster."
  }

  assert {
    condition     = aws_rds_cluster.this[0].storage_encrypted && aws_rds_cluster.this[0].deletion_protection && aws_rds_cluster.this[0].iam_database_authentication_enabled && aws_rds_cluster.this[0].performance_insights_retention_period == 465
    error_message = "It is as protected as an instance."
  }

  assert {
    condition     = contains(aws_rds_cluster_parameter_group.this[0].parameter, { apply_method = "pending-reboot", name = "rds.force_ssl", value = "1" })
    error_message = "PostgreSQL refuses connections without TLS."
  }
}
