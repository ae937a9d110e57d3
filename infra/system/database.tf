locals {
  cluster  = local.database.topology == "cluster"
  aurora   = local.database.topology == "aurora"
  instance = !local.cluster && !local.aurora
  # Servers that only read, beside an instance.
  replicas    = local.instance ? local.database.read_replicas : 0
  master_user = "escala_admin"
  # Aurora has no log of upgrades.
  log_exports = local.aurora ? ["postgresql"] : ["postgresql", "upgrade"]
  kept        = !var.disposable

  # One of them is there: the endpoint of the writer, its resource, and the secret of the administrator.
  database_written = one(concat(
    [for db in aws_db_instance.this : { host = db.address, resource_id = db.resource_id, secret = db.master_user_secret }],
    [for db in concat(aws_rds_cluster.this, aws_rds_cluster.aurora) : { host = db.endpoint, resource_id = db.cluster_resource_id, secret = db.master_user_secret }],
  ))
  database_host = {
    write = local.database_written.host
    # Where there are several, each by its own name: who is behind is left out, and the primary is read when none else is left. The standbys of a
    # cluster have one name together.
    read = concat(
      aws_db_instance.replica[*].address,
      local.cluster ? [aws_rds_cluster.this[0].reader_endpoint] : local.aurora ? aws_rds_cluster_instance.aurora[*].endpoint : [aws_db_instance.this[0].address],
    )
  }
  read_by_choice = length(local.database_host.read) > 1
  # With the name of a login behind it: the resource of rds-db:connect.
  login_arn_prefixes = [for id in concat([local.database_written.resource_id], aws_db_instance.replica[*].resource_id) : "${local.arn}:rds-db:${local.region}:${local.account}:dbuser:${id}/"]
  login_arn_prefix   = local.login_arn_prefixes[0]
  # Of the administrator, made and rotated by RDS; only the task that prepares the database reads it.
  master_secret_arn = local.database_written.secret[0].secret_arn

  parameters = {
    # The default of PostgreSQL 15 and later, which RDS tells as pending-reboot whatever it was told: with another method each plan differs.
    "rds.force_ssl"            = "1"
    "shared_preload_libraries" = "pg_stat_statements,auto_explain"

    "track_io_timing"                     = "1"
    "log_connections"                     = "1"
    "log_disconnections"                  = "1"
    "log_statement"                       = "ddl"
    "log_min_duration_statement"          = "500"
    "log_lock_waits"                      = "1"
    "auto_explain.log_min_duration"       = "1000"
    "idle_in_transaction_session_timeout" = "60000"
    # Insert-only tables: vacuumed after 1 M rows instead of a fifth of the table, so that index-only scans keep working.
    "autovacuum_vacuum_insert_scale_factor" = "0"
    "autovacuum_vacuum_insert_threshold"    = "1000000"
  }
  # A standby tells the primary what it reads, and replay waits for a question for less than what it may be behind.
  replica_parameters = merge(local.parameters, {
    "hot_standby_feedback"        = "1"
    "max_standby_streaming_delay" = tostring(var.database.max_lag_seconds * 500)
  })
  parameter_methods = { "rds.force_ssl" = "pending-reboot", "shared_preload_libraries" = "pending-reboot" }
}

module "database_key" {
  source = "../modules/key"

  name                 = "${local.name}-database"
  description          = "Storage, backups, insights and administrator's secret of ${local.name}"
  deletion_window_days = local.key_deletion_window_days
}

resource "aws_db_subnet_group" "this" {
  name        = local.name
  description = "Subnets of ${local.name} that route nowhere else"
  subnet_ids  = local.network.data_subnet_ids
}

resource "aws_security_group" "database" {
  name        = "${local.name}-database"
  description = "PostgreSQL of ${local.name}"
  vpc_id      = local.network.vpc_id

  tags = { Name = "${local.name}-database" }
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  for_each = aws_security_group.task

  security_group_id            = aws_security_group.database.id
  description                  = "PostgreSQL from ${each.key}"
  referenced_security_group_id = each.value.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_iam_role" "monitoring" {
  name               = "${local.name}-rds-monitoring"
  description        = "Lets RDS write what it sees of the operating system of ${local.name}"
  assume_role_policy = data.aws_iam_policy_document.trust["database"].json
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "${local.arn}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_db_parameter_group" "this" {
  count = local.instance ? 1 : 0

  name_prefix = "${local.name}-"
  family      = "postgres${var.database.engine_version}"
  description = "Escala: TLS only, slow statements and changes of tables are logged"

  dynamic "parameter" {
    for_each = local.parameters

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

resource "aws_rds_cluster_parameter_group" "this" {
  count = local.cluster ? 1 : 0

  name_prefix = "${local.name}-"
  family      = "postgres${var.database.engine_version}"
  description = "Escala: TLS only, slow statements and changes of tables are logged"

  dynamic "parameter" {
    for_each = local.parameters

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
