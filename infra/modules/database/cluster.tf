# A Multi-AZ DB cluster: a writer and two readable standbys with local storage in three zones. Not Aurora.
resource "aws_rds_cluster" "this" {
  count = local.cluster ? 1 : 0

  cluster_identifier        = var.name
  engine                    = "postgres"
  engine_version            = var.engine_version
  db_cluster_instance_class = var.instance_class
  database_name             = var.database_name
  port                      = 5432

  master_username                     = local.master_user
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = module.key.arn
  iam_database_authentication_enabled = true
  ca_certificate_identifier           = "rds-ca-rsa2048-g1"

  storage_type      = "gp3"
  allocated_storage = var.allocated_storage_gib
  storage_encrypted = true
  kms_key_id        = module.key.arn

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  network_type           = "IPV4"

  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this[0].name
  allow_major_version_upgrade     = false
  preferred_maintenance_window    = "sun:03:00-sun:04:00"
  apply_immediately               = var.disposable

  backup_retention_period   = var.backup_retention_days
  preferred_backup_window   = "01:00-02:00"
  copy_tags_to_snapshot     = true
  deletion_protection       = local.kept
  skip_final_snapshot       = var.disposable
  final_snapshot_identifier = local.kept ? "${var.name}-final" : null

  monitoring_interval                   = var.monitoring_interval_seconds
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = module.key.arn
  performance_insights_retention_period = var.insights_mode == "advanced" ? 465 : 7
  database_insights_mode                = var.insights_mode
  enabled_cloudwatch_logs_exports       = local.log_exports

  depends_on = [aws_cloudwatch_log_group.export, aws_iam_role_policy_attachment.monitoring]

  lifecycle {
    precondition {
      condition     = length(local.violations) == 0
      error_message = "${join("; ", local.violations)}."
    }

    postcondition {
      condition     = self.storage_encrypted
      error_message = "The database is not encrypted."
    }
  }
}
