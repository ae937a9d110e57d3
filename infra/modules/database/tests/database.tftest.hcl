mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  name                      = "orders-prod"
  database_name             = "orders"
  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-a", "subnet-b", "subnet-c"]
  client_security_group_ids = { api = "sg-api", ingest = "sg-ingest" }
  log_key_arn               = "arn:aws:kms:eu-west-1:123456789012:key/logs"
}

run "a_standby_in_another_zone" {
  command = plan

  assert {
    condition     = length(aws_db_instance.this) == 1 && length(aws_rds_cluster.this) == 0 && aws_db_instance.this[0].multi_az
    error_message = "By default an instance has a standby."
  }

  assert {
    condition     = aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].kms_key_id == module.key.arn && !aws_db_instance.this[0].publicly_accessible
    error_message = "It is encrypted with an own key and not public."
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
    condition     = contains(aws_db_parameter_group.this[0].parameter, { apply_method = "immediate", name = "rds.force_ssl", value = "1" }) && aws_db_parameter_group.this[0].family == "postgres17"
    error_message = "PostgreSQL refuses connections without TLS."
  }

  assert {
    condition     = toset(aws_db_instance.this[0].enabled_cloudwatch_logs_exports) == toset(["postgresql", "upgrade"]) && aws_cloudwatch_log_group.export["postgresql"].name == "/aws/rds/instance/orders-prod/postgresql"
    error_message = "Its logs are exported into groups with retention and key."
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.client : rule.referenced_security_group_id]) == toset(["sg-api", "sg-ingest"]) && alltrue([for rule in aws_vpc_security_group_ingress_rule.client : rule.from_port == 5432 && rule.to_port == 5432])
    error_message = "Only the clients reach it, on its port."
  }

  assert {
    condition     = output.login_arn_prefix == "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL/" && output.host == output.reader_host
    error_message = "Logins are named by the resource id."
  }
}

run "a_cluster_for_the_critical_tier" {
  command = plan

  variables {
    tier           = "critical"
    topology       = "cluster"
    instance_class = "db.m6gd.large"
    insights_mode  = "advanced"
  }

  assert {
    condition     = length(aws_db_instance.this) == 0 && length(aws_rds_cluster.this) == 1 && aws_rds_cluster.this[0].db_cluster_instance_class == "db.m6gd.large"
    error_message = "A critical system has a cluster."
  }

  assert {
    condition     = aws_rds_cluster.this[0].storage_encrypted && aws_rds_cluster.this[0].deletion_protection && aws_rds_cluster.this[0].iam_database_authentication_enabled && aws_rds_cluster.this[0].performance_insights_retention_period == 465
    error_message = "It is as protected as an instance."
  }

  assert {
    condition     = output.host != output.reader_host && strcontains(output.login_arn_prefix, "cluster-ABCDEFGHIJKL")
    error_message = "Reads go to the standbys."
  }

  assert {
    condition     = contains(aws_rds_cluster_parameter_group.this[0].parameter, { apply_method = "immediate", name = "rds.force_ssl", value = "1" })
    error_message = "PostgreSQL refuses connections without TLS."
  }
}

run "a_disposable_one" {
  command = plan

  variables {
    disposable            = true
    topology              = "single"
    backup_retention_days = 1
  }

  assert {
    condition     = !aws_db_instance.this[0].multi_az && !aws_db_instance.this[0].deletion_protection && aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].storage_encrypted
    error_message = "It is cheap and leaves nothing behind, but is encrypted all the same."
  }
}

run "refuses_a_critical_system_without_a_cluster" {
  command = plan

  variables {
    tier = "critical"
  }

  expect_failures = [aws_db_instance.this]
}

run "refuses_one_zone_for_what_must_last" {
  command = plan

  variables {
    topology = "single"
  }

  expect_failures = [aws_db_instance.this]
}

run "refuses_few_backups_of_what_must_last" {
  command = plan

  variables {
    backup_retention_days = 3
  }

  expect_failures = [aws_db_instance.this]
}

run "refuses_a_cluster_in_two_zones" {
  command = plan

  variables {
    topology   = "cluster"
    subnet_ids = ["subnet-a", "subnet-b"]
  }

  expect_failures = [aws_rds_cluster.this]
}

run "refuses_a_disposable_critical_system" {
  command = plan

  variables {
    tier       = "critical"
    topology   = "cluster"
    disposable = true
  }

  expect_failures = [aws_rds_cluster.this]
}

run "refuses_a_name_of_the_server" {
  command = plan

  variables {
    database_name             = "health"
    allocated_storage_gib     = 100
    max_allocated_storage_gib = 50
  }

  expect_failures = [var.database_name, var.max_allocated_storage_gib]
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name                        = "orders--prod"
    tier                        = "gold"
    topology                    = "aurora"
    engine_version              = "14"
    instance_class              = "t4g.medium"
    allocated_storage_gib       = 5
    vpc_id                      = "orders"
    subnet_ids                  = ["subnet-a"]
    client_security_group_ids   = {}
    log_key_arn                 = ""
    log_retention_days          = 0
    backup_retention_days       = 0
    monitoring_interval_seconds = 0
    insights_mode               = "off"
    key_deletion_window_days    = 1
  }

  expect_failures = [
    var.name,
    var.tier,
    var.topology,
    var.engine_version,
    var.instance_class,
    var.allocated_storage_gib,
    var.vpc_id,
    var.subnet_ids,
    var.client_security_group_ids,
    var.log_key_arn,
    var.log_retention_days,
    var.backup_retention_days,
    var.monitoring_interval_seconds,
    var.insights_mode,
    var.key_deletion_window_days,
  ]
}
