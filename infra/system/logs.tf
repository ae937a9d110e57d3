locals {
  alarms = "${local.arn}:cloudwatch:${local.region}:${local.account}:alarm:${local.name}-*"

  log_groups = {
    api     = "/escala/${local.name}/api"
    ingest  = "/escala/${local.name}/ingest"
    prepare = "/escala/${local.name}/prepare"
    # Whoever opens a shell in a task leaves a record.
    exec = "/escala/${local.name}/exec"
    # Container Insights would make it without a key.
    insights = "/aws/ecs/containerinsights/${local.name}/performance"
    # WAF takes only groups with this beginning.
    waf = "aws-waf-logs-${local.name}"
    # RDS writes to groups of exactly these names, and would make them without retention and key.
    postgresql = "/aws/rds/${local.instance ? "instance" : "cluster"}/${local.name}/postgresql"
    upgrade    = "/aws/rds/${local.instance ? "instance" : "cluster"}/${local.name}/upgrade"
  }
  replica_log_groups = merge([for replica in range(local.replicas) : { for export in local.log_exports : "replica-${replica + 1}-${export}" => "/aws/rds/instance/${local.name}-replica-${replica + 1}/${export}" }]...)
}

module "operations_key" {
  source = "../modules/key"

  name                 = "${local.name}-operations"
  description          = "Logs and alarms of ${local.name}"
  deletion_window_days = local.key_deletion_window_days
  logs                 = true

  services = {
    "cloudwatch.amazonaws.com" = { actions = ["kms:Decrypt", "kms:GenerateDataKey*"], arns = [local.alarms] }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = merge({ for key, name in local.log_groups : key => name if key != "upgrade" || !local.aurora }, local.replica_log_groups)

  name              = each.value
  retention_in_days = each.key == "insights" ? 30 : var.log_retention_days
  kms_key_id        = module.operations_key.arn
}

resource "aws_sns_topic" "alarms" {
  name              = "${local.name}-alarms"
  kms_master_key_id = module.operations_key.arn
  signature_version = 2

  tags = { Name = "${local.name}-alarms" }
}

data "aws_iam_policy_document" "alarms" {
  source_policy_documents = [data.aws_iam_policy_document.only_tls["alarms"].json]

  statement {
    sid       = "AlarmsOfThisSystem"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [local.alarms]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.alarm_emails

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.key
}
