locals {
  # 123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:… → arn:aws:ecr:eu-west-1:123456789012:repository/escala
  repository_arns = distinct([
    for image in concat([var.image], var.collector[*].image) :
    replace(image, "/^([0-9]+)\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com\\/([^@]+)@.*$/", "${local.arn}:ecr:$2:$1:repository/$3")
  ])
}

data "aws_iam_policy_document" "trust" {
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

# What ECS needs to start the task: image, log, and the secret where there is one.
data "aws_iam_policy_document" "execution" {
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
    resources = ["${var.log_group.arn}:*"]
  }

  dynamic "statement" {
    for_each = var.secret[*]

    content {
      sid       = "ReadTheSecret"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [statement.value.arn]
    }
  }

  dynamic "statement" {
    for_each = var.secret[*]

    content {
      sid       = "DecryptTheSecret"
      actions   = ["kms:Decrypt"]
      resources = [statement.value.key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  description        = "Starts ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "execution" {
  name   = "start"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

# What the program itself may do is given to it by whoever makes the task; the collector writes metrics.
resource "aws_iam_role" "task" {
  name               = var.name
  description        = "The task ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "metrics" {
  count = var.collector == null ? 0 : 1

  statement {
    sid       = "WriteMetrics"
    actions   = ["aps:RemoteWrite"]
    resources = [var.collector.workspace_arn]
  }
}

resource "aws_iam_role_policy" "metrics" {
  count = var.collector == null ? 0 : 1

  name   = "metrics"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.metrics[0].json
}
