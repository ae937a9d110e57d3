locals {
  name = "escala"

  rules_directory = "${path.module}/../../ops/prometheus/rules"
  alertmanager    = yamldecode(file("${path.module}/../../ops/alertmanager/alertmanager.yml"))

  # The files have links that begin in the repository and in Grafana.
  rules = {
    for name in fileset(local.rules_directory, "*.yml") : trimsuffix(name, ".yml") => replace(
      replace(file("${local.rules_directory}/${name}"), "runbook_url: docs/", "runbook_url: ${var.links.runbooks}docs/"),
      "dashboard_url: d/", "dashboard_url: ${var.links.dashboards}d/"
    )
  }
  inventory = var.inventory_file == null ? {} : { inventory = file(var.inventory_file) }

  collector = {
    workspace_arn    = aws_prometheus_workspace.this.arn
    remote_write_url = "${aws_prometheus_workspace.this.prometheus_endpoint}api/v1/remote_write"
  }

  # Mail is for people: the watchdog comes every minute, for a machine that notices when it does not.
  read_by_people = [for receiver in local.alertmanager.receivers : receiver.name if length(receiver) > 1 && receiver.name != "watchdog"]

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

module "metrics_key" {
  source = "../modules/key"

  name        = "${local.name}-metrics"
  description = "Metrics and alerts of all systems"
  logs        = true

  services = {
    "aps.amazonaws.com" = { actions = ["kms:Decrypt", "kms:GenerateDataKey*"], arns = ["${local.arn}:aps:${local.region}:${local.account}:workspace/*"] }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  # Rules that fail to evaluate and alerts that cannot be sent are told here.
  name              = "/aws/vendedlogs/prometheus/${local.name}"
  retention_in_days = 365
  kms_key_id        = module.metrics_key.arn
}

resource "aws_prometheus_workspace" "this" {
  alias       = local.name
  kms_key_arn = module.metrics_key.arn

  logging_configuration {
    log_group_arn = "${aws_cloudwatch_log_group.this.arn}:*"
  }
}

resource "aws_prometheus_rule_group_namespace" "this" {
  for_each = merge(local.rules, local.inventory)

  name         = each.key
  workspace_id = aws_prometheus_workspace.this.id
  data         = each.value
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
  name              = "${local.name}-alerts"
  kms_master_key_id = module.metrics_key.arn
  signature_version = 2

  tags = { Name = "${local.name}-alerts" }
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

  filter_policy = jsonencode({ receiver = local.read_by_people })
}
