data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  cluster     = var.topology == "cluster"
  master_user = "escala_admin"
  log_exports = ["postgresql", "upgrade"]
  kept        = !var.disposable

  # What must never be, whoever changes which variable; asked before either form of database is made.
  conditions = {
    "tier critical (99.99 %) needs topology cluster: the failover of a multi-az instance alone takes up to half of its error budget" = var.tier != "critical" || local.cluster,
    "only a disposable database may live in a single zone"                                                                           = var.disposable || var.topology != "single",
    "only a disposable database may have fewer than 7 days of backups"                                                               = var.disposable || var.backup_retention_days >= 7,
    "a cluster needs subnets in three zones"                                                                                         = !local.cluster || length(var.subnet_ids) >= 3,
    "a critical system is not disposable"                                                                                            = !(var.disposable && var.tier == "critical"),
  }
  violations = [for sentence, holds in local.conditions : sentence if !holds]
}

module "key" {
  source = "../key"

  name                 = "${var.name}-database"
  description          = "Storage, backups, insights and administrator's secret of ${var.name}"
  deletion_window_days = var.key_deletion_window_days
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Subnets of ${var.name} that route nowhere else"
  subnet_ids  = var.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${var.name}-database"
  description = "PostgreSQL of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-database" }
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = var.client_security_group_ids

  security_group_id            = aws_security_group.this.id
  description                  = "PostgreSQL from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_cloudwatch_log_group" "export" {
  for_each = toset(local.log_exports)

  # RDS writes to groups of exactly this name, and would make them without retention and key.
  name              = "/aws/rds/${local.cluster ? "cluster" : "instance"}/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

data "aws_iam_policy_document" "monitoring_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "monitoring" {
  name               = "${var.name}-rds-monitoring"
  description        = "Lets RDS write what it sees of the operating system of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.monitoring_trust.json
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
