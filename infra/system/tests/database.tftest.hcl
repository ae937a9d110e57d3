mock_provider "aws" {
  source          = "../modules/testing"
  override_during = plan
}

override_resource {
  target          = aws_db_instance.replica[0]
  override_during = plan
  values          = { address = "orders-r1.mock.eu-west-1.rds.amazonaws.com", resource_id = "db-REPLICA1" }
}

override_resource {
  target          = aws_db_instance.replica[1]
  override_during = plan
  values          = { address = "orders-r2.mock.eu-west-1.rds.amazonaws.com", resource_id = "db-REPLICA2" }
}

override_resource {
  target          = aws_rds_cluster_instance.aurora[0]
  override_during = plan
  values          = { endpoint = "orders-1.mock.eu-west-1.rds.amazonaws.com" }
}

override_resource {
  target          = aws_rds_cluster_instance.aurora[1]
  override_during = plan
  values          = { endpoint = "orders-2.mock.eu-west-1.rds.amazonaws.com" }
}

override_resource {
  target          = aws_rds_cluster_instance.aurora[2]
  override_during = plan
  values          = { endpoint = "orders-3.mock.eu-west-1.rds.amazonaws.com" }
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
    condition     = local.login_arn_prefix == "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL/" && output.database.reader_hosts == [output.database.host]
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

run "replicas_of_an_instance" {
  command = plan

  variables {
    database = { read_replicas = 2, max_lag_seconds = 20 }
    shared_network = {
      vpc_id             = "vpc-shared"
      public_subnet_ids  = ["subnet-1", "subnet-2", "subnet-3"]
      public_cidrs       = ["10.20.64.0/20", "10.20.80.0/20", "10.20.96.0/20"]
      private_subnet_ids = ["subnet-4", "subnet-5", "subnet-6"]
      data_subnet_ids    = ["subnet-7", "subnet-8", "subnet-9"]
      egress             = { prefix_list_ids = { s3 = "pl-1" }, security_group_ids = {}, cidrs = { internet = "0.0.0.0/0" } }
    }
  }

  assert {
    condition     = length(aws_db_instance.replica) == 2 && alltrue([for replica in aws_db_instance.replica : replica.replicate_source_db == "orders-prod" && replica.instance_class == aws_db_instance.this[0].instance_class])
    error_message = "They follow the primary, and are as large."
  }

  assert {
    condition     = data.aws_subnet.data[*].id == ["subnet-7", "subnet-8", "subnet-9"] && aws_db_instance.replica[*].availability_zone == slice(data.aws_subnet.data[*].availability_zone, 0, 2) && toset(aws_db_instance.replica[*].identifier) == toset(["orders-prod-replica-1", "orders-prod-replica-2"])
    error_message = "They stand in the zones of the subnets, one after the other."
  }

  assert {
    condition     = alltrue([for replica in aws_db_instance.replica : replica.storage_encrypted && replica.kms_key_id == module.database_key.arn && !replica.publicly_accessible && replica.deletion_protection && replica.skip_final_snapshot && replica.iam_database_authentication_enabled && replica.ca_cert_identifier == "rds-ca-rsa2048-g1" && replica.monitoring_interval == 60 && replica.performance_insights_enabled && replica.auto_minor_version_upgrade && toset(replica.enabled_cloudwatch_logs_exports) == toset(["postgresql", "upgrade"])])
    error_message = "They are as protected and as watched as the primary."
  }

  assert {
    condition     = alltrue([for parameter in [{ apply_method = "immediate", name = "hot_standby_feedback", value = "1" }, { apply_method = "immediate", name = "max_standby_streaming_delay", value = "10000" }, { apply_method = "pending-reboot", name = "rds.force_ssl", value = "1" }] : contains(aws_db_parameter_group.replica[0].parameter, parameter)]) && alltrue([for parameter in aws_db_parameter_group.this[0].parameter : parameter.name != "hot_standby_feedback"])
    error_message = "Replay waits for questions for half of what they may be behind; the rest is as on the primary."
  }

  assert {
    condition     = yamldecode(output.configuration).databases.orders["read-url"] == "postgresql://escala_read@orders-r1.mock.eu-west-1.rds.amazonaws.com:5432,orders-r2.mock.eu-west-1.rds.amazonaws.com:5432,orders.mock.eu-west-1.rds.amazonaws.com:5432/orders?sslmode=verify-full&sslrootcert=/opt/escala/rds-ca.pem&login=aws-iam" && yamldecode(output.configuration).databases.orders["max-lag"] == "20s"
    error_message = "Reads name each of them, and the primary for when none is left; what may be read has a bound."
  }

  assert {
    condition     = length(local.login_arn_prefixes) == 3 && { for role, document in data.aws_iam_policy_document.task : role => length(document.statement[0].resources) } == { api = 4, ingest = 4 } && length([for resource in data.aws_iam_policy_document.task["api"].statement[0].resources : resource if endswith(resource, "/escala_read")]) == 3
    error_message = "Readers log in to each of them, owners to the primary alone."
  }

  assert {
    condition     = toset([for key in keys(aws_cloudwatch_log_group.this) : aws_cloudwatch_log_group.this[key].name if startswith(key, "replica-")]) == toset(["/aws/rds/instance/orders-prod-replica-1/postgresql", "/aws/rds/instance/orders-prod-replica-1/upgrade", "/aws/rds/instance/orders-prod-replica-2/postgresql", "/aws/rds/instance/orders-prod-replica-2/upgrade"])
    error_message = "Their logs have retention and key."
  }

  assert {
    condition     = toset([for key in keys(aws_cloudwatch_metric_alarm.metric) : key if startswith(key, "replica-2-")]) == toset(["replica-2-lag", "replica-2-processor", "replica-2-connections", "replica-2-storage"]) && aws_cloudwatch_metric_alarm.metric["replica-2-lag"].metric_name == "ReplicaLag" && aws_cloudwatch_metric_alarm.metric["replica-2-lag"].threshold == 20 && aws_cloudwatch_metric_alarm.metric["replica-2-lag"].treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.metric["replica-2-storage"].comparison_operator == "LessThanThreshold" && aws_cloudwatch_metric_alarm.metric["replica-2-lag"].dimensions == tomap({ DBInstanceIdentifier = "orders-prod-replica-2" })
    error_message = "Each is watched, also when it says nothing any more."
  }
}

run "aurora_without_servers_of_a_fixed_size" {
  command = plan

  variables {
    tier     = "critical"
    database = { topology = "aurora", read_replicas = 2, capacity = { min = 4, max = 32 }, io_optimized = true }
  }

  assert {
    condition     = length(local.violations) == 0 && length(aws_db_instance.this) == 0 && length(aws_rds_cluster.this) == 0 && length(aws_db_parameter_group.this) == 0
    error_message = "A critical system may have Aurora with readers, and has nothing else then."
  }

  assert {
    condition     = aws_rds_cluster.aurora[0].engine == "aurora-postgresql" && aws_rds_cluster.aurora[0].engine_version == "17" && aws_rds_cluster.aurora[0].storage_type == "aurora-iopt1" && aws_rds_cluster.aurora[0].serverlessv2_scaling_configuration[0].min_capacity == 4 && aws_rds_cluster.aurora[0].serverlessv2_scaling_configuration[0].max_capacity == 32
    error_message = "It grows between two bounds, on storage without a price for each access."
  }

  assert {
    condition     = aws_rds_cluster.aurora[0].storage_encrypted && aws_rds_cluster.aurora[0].kms_key_id == module.database_key.arn && aws_rds_cluster.aurora[0].deletion_protection && !aws_rds_cluster.aurora[0].skip_final_snapshot && aws_rds_cluster.aurora[0].backup_retention_period == 14 && aws_rds_cluster.aurora[0].copy_tags_to_snapshot && aws_rds_cluster.aurora[0].manage_master_user_password && aws_rds_cluster.aurora[0].iam_database_authentication_enabled && aws_rds_cluster.aurora[0].performance_insights_retention_period == 465
    error_message = "It is as protected as an instance."
  }

  assert {
    condition     = toset(aws_rds_cluster.aurora[0].enabled_cloudwatch_logs_exports) == toset(["postgresql"]) && aws_cloudwatch_log_group.this["postgresql"].name == "/aws/rds/cluster/orders-prod/postgresql" && !contains(keys(aws_cloudwatch_log_group.this), "upgrade")
    error_message = "It has no log of upgrades."
  }

  assert {
    condition     = aws_rds_cluster_instance.aurora[*].identifier == ["orders-prod-1", "orders-prod-2", "orders-prod-3"] && alltrue([for server in aws_rds_cluster_instance.aurora : server.instance_class == "db.serverless" && !server.publicly_accessible && server.ca_cert_identifier == "rds-ca-rsa2048-g1" && server.monitoring_interval == 60 && server.auto_minor_version_upgrade]) && aws_rds_cluster_instance.aurora[*].promotion_tier == [0, 1, 1]
    error_message = "A writer and two readers, each of which may take over."
  }

  assert {
    condition     = aws_rds_cluster_parameter_group.aurora[0].family == "aurora-postgresql17" && contains(aws_rds_cluster_parameter_group.aurora[0].parameter, { apply_method = "pending-reboot", name = "rds.force_ssl", value = "1" }) && contains(aws_rds_cluster_parameter_group.aurora[0].parameter, { apply_method = "immediate", name = "max_standby_streaming_delay", value = "5000" }) && alltrue([for parameter in aws_rds_cluster_parameter_group.aurora[0].parameter : parameter.name != "hot_standby_feedback"])
    error_message = "TLS is forced, and what Aurora does not have is not set."
  }

  assert {
    condition     = strcontains(yamldecode(output.configuration).databases.orders.url, "@orders.cluster-mock.") && strcontains(yamldecode(output.configuration).databases.orders["read-url"], "@orders-1.mock.eu-west-1.rds.amazonaws.com:5432,orders-2.mock.eu-west-1.rds.amazonaws.com:5432,orders-3.mock.eu-west-1.rds.amazonaws.com:5432/") && yamldecode(output.configuration).databases.orders["max-lag"] == "10s" && local.login_arn_prefixes == ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABCDEFGHIJKL/"]
    error_message = "Writes go to whoever writes, reads name each server, and one resource stands for all of them."
  }

  assert {
    condition     = toset([for key in keys(aws_cloudwatch_metric_alarm.metric) : key if startswith(key, "database-")]) == toset(["database-lag", "database-processor", "database-volume", "database-capacity", "database-connections"]) && aws_cloudwatch_metric_alarm.metric["database-lag"].metric_name == "AuroraReplicaLagMaximum" && aws_cloudwatch_metric_alarm.metric["database-lag"].threshold == 10000 && aws_cloudwatch_metric_alarm.metric["database-capacity"].dimensions == tomap({ DBClusterIdentifier = "orders-prod" })
    error_message = "What runs out of it is watched."
  }
}

run "aurora_of_a_class" {
  command = plan

  variables {
    database = { topology = "aurora", instance_class = "db.r7g.large", engine_version = "18" }
  }

  assert {
    condition     = length(aws_rds_cluster.aurora[0].serverlessv2_scaling_configuration) == 0 && length(aws_rds_cluster_instance.aurora) == 2 && aws_rds_cluster_parameter_group.aurora[0].family == "aurora-postgresql18" && !contains(keys(aws_cloudwatch_metric_alarm.metric), "database-capacity")
    error_message = "Servers of a size do not scale, and there is one that takes over."
  }
}

run "refuses_replicas_where_they_are_not" {
  command = plan

  variables {
    tier     = "critical"
    database = { topology = "cluster", read_replicas = 1 }
  }

  expect_failures = [terraform_data.promise]
}

run "refuses_aurora_with_nobody_to_take_over" {
  command = plan

  variables {
    tier     = "critical"
    database = { topology = "aurora", read_replicas = 0, capacity = { min = 1 } }
  }

  assert {
    condition     = length(local.violations) == 3
    error_message = "It is critical, nobody takes over, and it watches too little."
  }

  expect_failures = [terraform_data.promise]
}

run "refuses_what_aurora_does_not_have" {
  command = plan

  variables {
    database = { topology = "aurora", instance_class = "db.m7g.large" }
  }

  expect_failures = [var.database]
}

run "refuses_what_only_aurora_has" {
  command = plan

  variables {
    database = { instance_class = "db.serverless", read_replicas = 16, capacity = { min = 0, max = 0.7 } }
  }

  expect_failures = [var.database]
}
