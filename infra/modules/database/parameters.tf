locals {
  parameters = {
    "rds.force_ssl"                       = { value = "1", method = "immediate" }
    "shared_preload_libraries"            = { value = "pg_stat_statements,auto_explain", method = "pending-reboot" }
    "track_io_timing"                     = { value = "1", method = "immediate" }
    "log_connections"                     = { value = "1", method = "immediate" }
    "log_disconnections"                  = { value = "1", method = "immediate" }
    "log_statement"                       = { value = "ddl", method = "immediate" }
    "log_min_duration_statement"          = { value = "500", method = "immediate" }
    "log_lock_waits"                      = { value = "1", method = "immediate" }
    "auto_explain.log_min_duration"       = { value = "1000", method = "immediate" }
    "idle_in_transaction_session_timeout" = { value = "60000", method = "immediate" }
    # Insert-only tables: vacuumed after 1 M rows instead of a fifth of the table, so that index-only scans keep working.
    "autovacuum_vacuum_insert_scale_factor" = { value = "0", method = "immediate" }
    "autovacuum_vacuum_insert_threshold"    = { value = "1000000", method = "immediate" }
  }
}

resource "aws_db_parameter_group" "this" {
  count = local.cluster ? 0 : 1

  name_prefix = "${var.name}-"
  family      = "postgres${var.engine_version}"
  description = "Escala: TLS only, slow statements and changes of tables are logged"

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.method
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_rds_cluster_parameter_group" "this" {
  count = local.cluster ? 1 : 0

  name_prefix = "${var.name}-"
  family      = "postgres${var.engine_version}"
  description = "Escala: TLS only, slow statements and changes of tables are logged"

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.method
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
