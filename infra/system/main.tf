data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  region  = data.aws_region.current.name
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"

  name                     = "${var.system}-${var.env}"
  topic                    = replace(var.system, "-", "_")
  domain_name              = replace(var.domain_name, "/^\\*/", var.system)
  key_deletion_window_days = var.disposable ? 7 : 30
  network                  = one(concat(module.network[*].network, var.shared_network[*]))

  # Of this system: from the file of the fleet, or from its own values.
  fleet  = var.fleet_file == null ? null : yamldecode(file(var.fleet_file))
  listed = one([for system in try(local.fleet.systems, []) : system if system.name == var.system])
  labels = local.listed == null ? { team = var.team, region = var.region, tier = var.tier } : { team = local.listed.team, region = local.listed.region, tier = local.listed.tier }

  # What a tier needs to keep its promise, where nothing else is said; the file of the fleet says how many tasks its monitoring expects.
  critical = local.labels.tier == "critical"
  database = merge(var.database, {
    topology       = coalesce(var.database.topology, local.critical ? "cluster" : "multi-az")
    instance_class = coalesce(var.database.instance_class, var.database.topology == "aurora" ? "db.serverless" : local.critical ? "db.m6gd.large" : "db.t4g.medium")
    read_replicas  = coalesce(var.database.read_replicas, var.database.topology == "aurora" ? 1 : 0)
    insights_mode  = coalesce(var.database.insights_mode, local.critical ? "advanced" : "standard")
  })
  tasks = {
    for role, tasks in var.tasks : role => merge(tasks, {
      min = coalesce(tasks.min, try(local.listed.tasks[role], null), try(local.fleet.tasks[local.labels.tier][role], null), local.critical ? 3 : 2)
    })
  }

  # What must never be, whoever changes which value.
  conditions = {
    "tier critical (99.99 %) needs topology cluster, or aurora with a reader: the failover of a multi-az instance alone takes up to half of its error budget" = !local.critical || local.database.topology == "cluster" || local.aurora && local.database.read_replicas >= 1
    "a cluster has two standbys that are read, and no others"                                                                                                 = !local.cluster || local.database.read_replicas == 0
    "only a disposable database may have no server that takes over"                                                                                           = var.disposable || !local.aurora || local.database.read_replicas >= 1
    "Aurora watches its queries from two capacity units on"                                                                                                   = var.disposable || !local.aurora || var.database.capacity.min >= 2
    "tier critical needs three tasks of each kind in three zones"                                                                                             = !local.critical || (min(local.tasks.api.min, local.tasks.ingest.min) >= 3 && length(local.network.private_subnet_ids) >= 3)
    "a critical system is not disposable"                                                                                                                     = !(var.disposable && local.critical)
    "a cluster needs subnets in three zones"                                                                                                                  = local.database.topology != "cluster" || length(local.network.data_subnet_ids) >= 3
    "only a disposable database may live in a single zone"                                                                                                    = var.disposable || local.database.topology != "single"
    "only a disposable database may have fewer than 7 days of backups"                                                                                        = var.disposable || var.database.backup_retention_days >= 7
    "only a disposable system may have a single task of a kind"                                                                                               = var.disposable || min(local.tasks.api.min, local.tasks.ingest.min) >= 2
    "there are at least as many tasks as the least"                                                                                                           = alltrue([for tasks in local.tasks : tasks.max >= tasks.min])
  }
  violations = [for sentence, holds in local.conditions : sentence if !holds]
}

resource "terraform_data" "promise" {
  lifecycle {
    precondition {
      condition     = length(local.violations) == 0
      error_message = "${join("; ", local.violations)}."
    }
  }
}

module "network" {
  source = "../modules/network"
  count  = var.shared_network == null ? 1 : 0

  name               = local.name
  settings           = var.network
  body_buckets       = var.body_buckets
  log_retention_days = var.log_retention_days
  log_key_arn        = module.operations_key.arn
}

# Who is taken for whom by AWS itself. That SNS names its source is not documented, so there is no condition; its role only writes logs.
data "aws_iam_policy_document" "trust" {
  for_each = { database = "monitoring.rds.amazonaws.com", delivery = "sns.amazonaws.com" }

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [each.value]
    }

    dynamic "condition" {
      for_each = each.key == "delivery" ? [] : [local.account]

      content {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [condition.value]
      }
    }
  }
}

locals {
  logs_bucket = "${local.name}-edge-logs-${local.account}-${local.region}"
}

# Part of every policy of a resource. ARNs are written out: a change of one resource would make all of them unknown in a plan.
data "aws_iam_policy_document" "only_tls" {
  for_each = merge(
    { for name, end in { messages = "", dead-letter = "-dead-letter", undelivered = "-undelivered" } : name => { actions = ["sqs:*"], arns = ["${local.arn}:sqs:${local.region}:${local.account}:${local.name}${end}"] } },
    { for name, end in { topic = "", alarms = "-alarms" } : name => { actions = ["sns:Publish"], arns = ["${local.arn}:sns:${local.region}:${local.account}:${local.name}${end}"] } },
    { logs = { actions = ["s3:*"], arns = ["${local.arn}:s3:::${local.logs_bucket}", "${local.arn}:s3:::${local.logs_bucket}/*"] } },
  )

  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = each.value.actions
    resources = each.value.arns

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
