data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  region  = data.aws_region.current.name
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"

  alertmanager = yamldecode(file(var.alertmanager_file))

  # One that has only a name tells nobody, on purpose.
  receivers = [for receiver in local.alertmanager.receivers : {
    name = receiver.name
    sns_configs = length(receiver) == 1 ? null : [{
      topic_arn  = aws_sns_topic.alerts.arn
      sigv4      = { region = local.region }
      attributes = { receiver = receiver.name }
    }]
  }]
}

module "key" {
  source = "../key"

  name        = "${var.name}-metrics"
  description = "Metrics and alerts of all systems"

  services = {
    "aps.amazonaws.com" = {
      actions = ["kms:Decrypt", "kms:GenerateDataKey*"]
      arns    = ["${local.arn}:aps:${local.region}:${local.account}:workspace/*"]
    }
    "logs.${local.region}.amazonaws.com" = {
      actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
      condition = "kms:EncryptionContext:aws:logs:arn"
      arns      = ["${local.arn}:logs:${local.region}:${local.account}:log-group:*"]
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  # Rules that fail to evaluate and alerts that cannot be sent are told here.
  name              = "/aws/vendedlogs/prometheus/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = module.key.arn
}

resource "aws_prometheus_workspace" "this" {
  alias       = var.name
  kms_key_arn = module.key.arn

  logging_configuration {
    log_group_arn = "${aws_cloudwatch_log_group.this.arn}:*"
  }
}

resource "aws_prometheus_rule_group_namespace" "this" {
  for_each = fileset(var.rules_directory, "*.yml")

  name         = trimsuffix(each.key, ".yml")
  workspace_id = aws_prometheus_workspace.this.id
  data         = file("${var.rules_directory}/${each.key}")
}

# The tree that ops/ tests with amtool, but each receiver is the topic.
resource "aws_prometheus_alert_manager_definition" "this" {
  workspace_id = aws_prometheus_workspace.this.id

  definition = yamlencode({
    alertmanager_config = yamlencode({
      route         = local.alertmanager.route
      inhibit_rules = try(local.alertmanager.inhibit_rules, [])
      receivers     = [for receiver in local.receivers : { for key, value in receiver : key => value if value != null }]
    })
  })
}

resource "aws_sns_topic" "alerts" {
  name              = "${var.name}-alerts"
  kms_master_key_id = module.key.arn
  signature_version = 2

  tags = { Name = "${var.name}-alerts" }
}

data "aws_iam_policy_document" "alerts" {
  statement {
    sid       = "AlertsOfTheWorkspace"
    actions   = ["sns:Publish", "sns:GetTopicAttributes"]
    resources = [aws_sns_topic.alerts.arn]

    principals {
      type        = "Service"
      identifiers = ["aps.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_prometheus_workspace.this.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }

  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts.arn]

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

resource "aws_sns_topic_policy" "alerts" {
  arn    = aws_sns_topic.alerts.arn
  policy = data.aws_iam_policy_document.alerts.json
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.alert_emails

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = each.key
}
