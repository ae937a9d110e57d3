# Aurora: one storage over three zones that grows by itself, a writer, and readers that share its storage and one of which takes over. Its PostgreSQL is
# Amazon's own: no hot_standby_feedback, and a reader cancels a question after 30 s at the latest.
locals {
  aurora_serverless = local.aurora && local.database.instance_class == "db.serverless"
  aurora_parameters = merge(local.parameters, { "max_standby_streaming_delay" = tostring(min(30000, max(1000, var.database.max_lag_seconds * 500))) })

  # Its storage ends at 128 TiB or more, so that free storage is no question.
  aurora_alarms = { for name, alarm in {
    lag = {
      description = "A reader is further behind than what may be read."
      metric      = "AuroraReplicaLagMaximum", threshold = var.database.max_lag_seconds * 1000, missing = "notBreaching"
    }
    processor = {
      description = "A server of the database is busy for 15 minutes."
      metric      = "CPUUtilization", threshold = 90, missing = "breaching"
    }
    volume = {
      description = "The database has grown beyond what an instance might have had."
      metric      = "VolumeBytesUsed", threshold = var.database.max_allocated_storage_gib * 1024 * 1024 * 1024, missing = "missing"
    }
    capacity = {
      description = "The database runs at the most capacity that it may have."
      metric      = "ACUUtilization", threshold = 95, missing = "missing"
    }
    } : "database-${name}" => merge(alarm, {
      namespace = "AWS/RDS", statistic = "Maximum", dimensions = local.engine
      period    = name == "volume" ? 300 : 60, periods = name == "lag" ? 5 : name == "volume" ? 3 : 15
  }) if name != "capacity" || local.aurora_serverless }
}

resource "aws_rds_cluster" "aurora" {
  count = local.aurora ? 1 : 0

  cluster_identifier = local.name
  engine             = "aurora-postgresql"
  engine_mode        = "provisioned" # serverless v2 is one of its classes
  engine_version     = var.database.engine_version
  database_name      = local.topic
  port               = 5432

  master_username                     = local.master_user
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = module.database_key.arn
  iam_database_authentication_enabled = true

  storage_type      = var.database.io_optimized ? "aurora-iopt1" : null
  storage_encrypted = true
  kms_key_id        = module.database_key.arn

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.database.id]
  network_type           = "IPV4"

  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.aurora[0].name
  allow_major_version_upgrade     = false
  preferred_maintenance_window    = "sun:03:00-sun:04:00"
  apply_immediately               = var.disposable

  backup_retention_period   = var.database.backup_retention_days
  preferred_backup_window   = "01:00-02:00"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = var.disposable
  deletion_protection       = local.kept
  skip_final_snapshot       = var.disposable
  final_snapshot_identifier = local.kept ? "${local.name}-final" : null

  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = module.database_key.arn
  performance_insights_retention_period = local.database.insights_mode == "advanced" ? 465 : 7
  database_insights_mode                = local.database.insights_mode
  enabled_cloudwatch_logs_exports       = local.log_exports

  dynamic "serverlessv2_scaling_configuration" {
    for_each = local.aurora_serverless ? [var.database.capacity] : []

    content {
      min_capacity = serverlessv2_scaling_configuration.value.min
      max_capacity = serverlessv2_scaling_configuration.value.max
    }
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]

  lifecycle {
    postcondition {
      condition     = self.storage_encrypted
      error_message = "The database is not encrypted."
    }
  }
}

# The first is the writer when they are made; after a failover any of them. All are named for reads: the server sees who is a standby.
resource "aws_rds_cluster_instance" "aurora" {
  count = local.aurora ? 1 + local.database.read_replicas : 0

  identifier         = "${local.name}-${count.index + 1}"
  cluster_identifier = aws_rds_cluster.aurora[0].id
  engine             = aws_rds_cluster.aurora[0].engine
  engine_version     = aws_rds_cluster.aurora[0].engine_version
  instance_class     = local.database.instance_class
  availability_zone  = data.aws_subnet.data[count.index % length(data.aws_subnet.data)].availability_zone
  # Of serverless ones the two lowest tiers are as large as the writer and can take over at once.
  promotion_tier = min(1, count.index)

  ca_cert_identifier           = "rds-ca-rsa2048-g1"
  publicly_accessible          = false
  auto_minor_version_upgrade   = true
  preferred_maintenance_window = "sun:04:00-sun:05:00"
  apply_immediately            = var.disposable
  copy_tags_to_snapshot        = true
  monitoring_interval          = 60
  monitoring_role_arn          = aws_iam_role.monitoring.arn

  lifecycle {
    postcondition {
      condition     = !self.publicly_accessible
      error_message = "The database is reachable from the internet."
    }
  }
}

resource "aws_rds_cluster_parameter_group" "aurora" {
  count = local.aurora ? 1 : 0

  name_prefix = "${local.name}-"
  family      = "aurora-postgresql${var.database.engine_version}"
  description = "Escala: TLS only, slow statements and changes of tables are logged"

  dynamic "parameter" {
    for_each = local.aurora_parameters

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
