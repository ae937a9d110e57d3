data "aws_iam_policy_document" "topic" {
  source_policy_documents = [data.aws_iam_policy_document.only_tls["topic"].json]

  dynamic "statement" {
    for_each = length(var.publisher_arns) == 0 ? [] : [1]

    content {
      sid       = "Publishers"
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.messages.arn]

      principals {
        type        = "AWS"
        identifiers = var.publisher_arns
      }
    }
  }
}

resource "aws_sns_topic_policy" "messages" {
  arn    = aws_sns_topic.messages.arn
  policy = data.aws_iam_policy_document.topic.json
}

locals {
  queues = merge({ messages = aws_sqs_queue.messages }, aws_sqs_queue.parked)
}

data "aws_iam_policy_document" "queue" {
  for_each = local.queues

  source_policy_documents = [data.aws_iam_policy_document.only_tls[each.key].json]

  # SQS itself moves messages to the dead-letter queue, so nobody is let in there.
  dynamic "statement" {
    for_each = each.key == "dead-letter" ? [] : [1]

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
        values   = [aws_sns_topic.messages.arn]
      }
    }
  }
}

resource "aws_sqs_queue_policy" "this" {
  for_each = local.queues

  queue_url = each.value.id
  policy    = data.aws_iam_policy_document.queue[each.key].json
}

data "aws_iam_policy_document" "delivery" {
  statement {
    sid     = "WriteDeliveryStatus"
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:PutRetentionPolicy"]
    # SNS names its groups sns/region/account/topic and …/topic/Failure.
    resources = ["${local.arn}:logs:${local.region}:${local.account}:log-group:sns/${local.region}/${local.account}/${local.name}*"]
  }
}

resource "aws_iam_role" "delivery" {
  name               = "${local.name}-sns-delivery"
  description        = "Logs how the topic ${local.name} delivers"
  assume_role_policy = data.aws_iam_policy_document.trust["delivery"].json
}

resource "aws_iam_role_policy" "delivery" {
  name   = "write"
  role   = aws_iam_role.delivery.id
  policy = data.aws_iam_policy_document.delivery.json
}
