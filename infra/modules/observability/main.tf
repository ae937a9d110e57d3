data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  region  = data.aws_region.current.name
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"
  alarms  = "${local.arn}:cloudwatch:${local.region}:${local.account}:alarm:${var.name}-*"
}

module "key" {
  source = "../key"

  name                 = "${var.name}-operations"
  description          = "Logs and alarms of ${var.name}"
  deletion_window_days = var.key_deletion_window_days

  services = {
    "logs.${local.region}.amazonaws.com" = {
      actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
      condition = "kms:EncryptionContext:aws:logs:arn"
      arns      = ["${local.arn}:logs:${local.region}:${local.account}:log-group:*"]
    }
    "cloudwatch.amazonaws.com" = {
      actions = ["kms:Decrypt", "kms:GenerateDataKey*"]
      arns    = [local.alarms]
    }
  }
}

resource "aws_cloudwatch_log_group" "container" {
  for_each = toset(["api", "ingest", "prepare", "collector"])

  name              = "/escala/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = module.key.arn
}

# Whoever opens a shell in a task leaves a record.
resource "aws_cloudwatch_log_group" "exec" {
  name              = "/escala/${var.name}/exec"
  retention_in_days = var.log_retention_days
  kms_key_id        = module.key.arn
}

# Container Insights would make it without a key.
resource "aws_cloudwatch_log_group" "insights" {
  name              = "/aws/ecs/containerinsights/${var.name}/performance"
  retention_in_days = 30
  kms_key_id        = module.key.arn
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = module.key.arn
  signature_version = 2

  tags = { Name = "${var.name}-alarms" }
}

data "aws_iam_policy_document" "alarms" {
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

  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

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
