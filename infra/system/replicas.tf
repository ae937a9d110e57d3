# Servers beside an instance that only read: PostgreSQL's own replication, asynchronous. What they may be behind is bounded by max-lag.
data "aws_subnet" "data" {
  count = local.replicas > 0 || local.aurora ? length(local.network.data_subnet_ids) : 0

  id = local.network.data_subnet_ids[count.index]
}

resource "aws_db_instance" "replica" {
  count = local.replicas

  # Engine, login, name and subnets are those of the primary, and may not be given.
  identifier          = "${local.name}-replica-${count.index + 1}"
  replicate_source_db = aws_db_instance.this[0].identifier
  availability_zone   = data.aws_subnet.data[count.index % length(data.aws_subnet.data)].availability_zone
  # A smaller one has fewer connections, with which it does not even start, and falls behind.
  instance_class = local.database.instance_class
  port           = 5432

  iam_database_authentication_enabled = true
  ca_cert_identifier                  = "rds-ca-rsa2048-g1"

  storage_type          = "gp3"
  max_allocated_storage = var.database.max_allocated_storage_gib
  storage_encrypted     = true
  kms_key_id            = module.database_key.arn

  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false
  network_type           = "IPV4"

  parameter_group_name        = aws_db_parameter_group.replica[0].name
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false
  maintenance_window          = "sun:04:00-sun:05:00"
  apply_immediately           = var.disposable

  # Its data are those of the primary, whose backups they have: it has none, and no last one.
  backup_retention_period = 0
  copy_tags_to_snapshot   = true
  skip_final_snapshot     = true
  deletion_protection     = local.kept

  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = module.database_key.arn
  performance_insights_retention_period = local.database.insights_mode == "advanced" ? 465 : 7
  database_insights_mode                = local.database.insights_mode
  enabled_cloudwatch_logs_exports       = local.log_exports

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]

  lifecycle {
    postcondition {
      condition     = !self.publicly_accessible && self.storage_encrypted
      error_message = "A replica is reachable from the internet, or not encrypted."
    }
  }
}

resource "aws_db_parameter_group" "replica" {
  count = local.replicas > 0 ? 1 : 0

  name_prefix = "${local.name}-replica-"
  family      = "postgres${var.database.engine_version}"
  description = "Escala: as the primary, and how long replay waits for questions"

  dynamic "parameter" {
    for_each = local.replica_parameters

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = lookup(local.parameter_methods, parameter.key, "immediate")
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  replica_alarms = merge([for replica in range(local.replicas) : {
    for name, alarm in {
      lag = {
        description = "is further behind the primary than what may be read, or does not replicate."
        metric      = "ReplicaLag", threshold = var.database.max_lag_seconds, period = 60, periods = 5, missing = "breaching"
      }
      processor = {
        description = "is busy for 15 minutes."
        metric      = "CPUUtilization", threshold = 90, period = 60, periods = 15, missing = "breaching"
      }
      connections = {
        description = "has more connections than any number of tasks opens."
        metric      = "DatabaseConnections", threshold = 200, period = 60, periods = 5, missing = "breaching"
      }
      storage = {
        description = "has less than 10 GiB left."
        metric      = "FreeStorageSpace", threshold = 10 * 1024 * 1024 * 1024, period = 300, periods = 2, missing = "missing"
      }
      } : "replica-${replica + 1}-${name}" => merge(alarm, {
        description = "Replica ${replica + 1} ${alarm.description}"
        namespace   = "AWS/RDS", statistic = name == "storage" ? "Minimum" : "Maximum", dimensions = { DBInstanceIdentifier = "${local.name}-replica-${replica + 1}" }
    })
  }]...)
}
