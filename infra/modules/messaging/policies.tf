data "aws_iam_policy_document" "topic" {
  dynamic "statement" {
    for_each = length(var.publisher_arns) == 0 ? [] : [1]

    content {
      sid       = "Publishers"
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.this.arn]

      principals {
        type        = "AWS"
        identifiers = var.publisher_arns
      }
    }
  }

  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.this.arn]

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

resource "aws_sns_topic_policy" "this" {
  arn    = aws_sns_topic.this.arn
  policy = data.aws_iam_policy_document.topic.json
}

locals {
  queues = {
    this        = aws_sqs_queue.this
    undelivered = aws_sqs_queue.undelivered
    dead_letter = aws_sqs_queue.dead_letter
  }
}

data "aws_iam_policy_document" "queue" {
  for_each = local.queues

  # SQS itself moves messages to the dead-letter queue, so nobody is let in there.
  dynamic "statement" {
    for_each = each.key == "dead_letter" ? [] : [1]

    content {
      sid       = "FromTheTopic"
      actions   = ["sqs:SendMessage"]
      resources = [each.value.arn]

      principals {
        type        = "Service"
        identifiers = ["sns.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [aws_sns_topic.this.arn]
      }
    }
  }

  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value.arn]

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

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id
  policy    = data.aws_iam_policy_document.queue["this"].json
}

resource "aws_sqs_queue_policy" "undelivered" {
  queue_url = aws_sqs_queue.undelivered.id
  policy    = data.aws_iam_policy_document.queue["undelivered"].json
}

resource "aws_sqs_queue_policy" "dead_letter" {
  queue_url = aws_sqs_queue.dead_letter.id
  policy    = data.aws_iam_policy_document.queue["dead_letter"].json
}

# AWS does not say that SNS names its source when it takes this role, so there is no condition; the role only writes logs.
data "aws_iam_policy_document" "delivery_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "delivery" {
  statement {
    sid     = "WriteDeliveryStatus"
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:PutRetentionPolicy"]
    # SNS names its groups sns/region/account/topic and …/topic/Failure.
    resources = ["arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:log-group:sns/${data.aws_region.current.name}/${data.aws_caller_identity.current.account_id}/${var.name}*"]
  }
}

resource "aws_iam_role" "delivery" {
  name               = "${var.name}-sns-delivery"
  description        = "Logs how the topic ${var.name} delivers"
  assume_role_policy = data.aws_iam_policy_document.delivery_trust.json
}

resource "aws_iam_role_policy" "delivery" {
  name   = "write"
  role   = aws_iam_role.delivery.id
  policy = data.aws_iam_policy_document.delivery.json
}
