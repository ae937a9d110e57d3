resource "aws_db_instance" "this" {
  count = local.instance ? 1 : 0

  identifier     = local.name
  engine         = "postgres"
  engine_version = var.database.engine_version
  instance_class = local.database.instance_class
  db_name        = local.topic
  port           = 5432

  username                            = local.master_user
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = module.database_key.arn
  iam_database_authentication_enabled = true
  ca_cert_identifier                  = "rds-ca-rsa2048-g1"

  storage_type          = "gp3"
  allocated_storage     = var.database.allocated_storage_gib
  max_allocated_storage = var.database.max_allocated_storage_gib
  storage_encrypted     = true
  kms_key_id            = module.database_key.arn

  multi_az               = local.database.topology == "multi-az"
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false
  network_type           = "IPV4"

  parameter_group_name        = aws_db_parameter_group.this[0].name
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false
  maintenance_window          = "sun:03:00-sun:04:00"
  apply_immediately           = var.disposable

  backup_retention_period   = var.database.backup_retention_days
  backup_window             = "01:00-02:00"
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

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]

  lifecycle {
    postcondition {
      condition     = !self.publicly_accessible && self.storage_encrypted
      error_message = "The database is reachable from the internet, or not encrypted."
    }
  }
}
