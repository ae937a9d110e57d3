locals {
  # 123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:… → arn:aws:ecr:eu-west-1:123456789012:repository/escala
  images = compact([var.image, var.collector == null ? null : var.collector.image])
  repository_arns = distinct([
    for image in local.images :
    replace(image, "/^([0-9]+)\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com\\/([^@]+)@.*$/", "${local.arn}:ecr:$2:$1:repository/$3")
  ])
}

data "aws_iam_policy_document" "task_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn}:ecs:${local.region}:${local.account}:*"]
    }
  }
}

# ----- What ECS needs to start a task: image and log; for `prepare` alone also the administrator's secret.

data "aws_iam_policy_document" "execution" {
  for_each = toset(["serve", "prepare"])

  # A token is for the registry as a whole; ECR knows no narrower resource.
  statement {
    sid       = "LogInToTheRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullTheImages"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = local.repository_arns
  }

  statement {
    sid       = "WriteTheLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [for container, arn in var.observability.log_group_arns : "${arn}:*" if(container == "prepare") == (each.key == "prepare")]
  }

  dynamic "statement" {
    for_each = each.key == "prepare" ? [1] : []

    content {
      sid       = "ReadTheSecretOfTheAdministrator"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [var.database.master_secret_arn]
    }
  }

  dynamic "statement" {
    for_each = each.key == "prepare" ? [1] : []

    content {
      sid       = "DecryptTheSecret"
      actions   = ["kms:Decrypt"]
      resources = [var.database.key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "execution" {
  for_each = data.aws_iam_policy_document.execution

  name               = "${var.name}-${each.key}-execution"
  description        = "Starts the ${each.key} tasks of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.task_trust.json
}

resource "aws_iam_role_policy" "execution" {
  for_each = aws_iam_role.execution

  name   = "start"
  role   = each.value.id
  policy = data.aws_iam_policy_document.execution[each.key].json
}

# ----- What the server itself may do.

data "aws_iam_policy_document" "task" {
  for_each = local.roles

  statement {
    sid       = "LogInToTheDatabase"
    actions   = ["rds-db:connect"]
    resources = [for login in [var.logins.owner, var.logins.reader] : "${var.database.login_arn_prefix}${login}"]
  }

  dynamic "statement" {
    for_each = var.collector == null ? [] : [var.collector.workspace_arn]

    content {
      sid       = "WriteMetrics"
      actions   = ["aps:RemoteWrite"]
      resources = [statement.value]
    }
  }

  # Both ask what waits: ingest for its metrics, api to tell a late canary from a lost one.
  statement {
    sid       = "CountWhatWaits"
    actions   = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
    resources = [var.messaging.queue_arn, var.messaging.dead_letter_queue_arn]
  }

  dynamic "statement" {
    for_each = each.key == "ingest" ? [1] : []

    content {
      sid       = "Receive"
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
      resources = [var.messaging.queue_arn]
    }
  }

  # Who answers requests publishes the canary and reads it back.
  dynamic "statement" {
    for_each = each.key == "api" ? [1] : []

    content {
      sid       = "PublishTheCanary"
      actions   = ["sns:Publish"]
      resources = [var.messaging.topic_arn]
    }
  }

  statement {
    sid       = "UseTheKeyOfTheMessages"
    actions   = each.key == "api" ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"]
    resources = [var.messaging.key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [each.key == "api" ? "sns.${local.region}.amazonaws.com" : "sqs.${local.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task" {
  for_each = local.roles

  name               = "${var.name}-${each.key}"
  description        = "The ${each.key} tasks of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.task_trust.json
}

resource "aws_iam_role_policy" "task" {
  for_each = local.roles

  name   = "work"
  role   = aws_iam_role.task[each.key].id
  policy = data.aws_iam_policy_document.task[each.key].json
}
