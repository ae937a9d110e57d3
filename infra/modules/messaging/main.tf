data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # Written out, since the key's policy is needed before the topic.
  topic_arn = "arn:${data.aws_partition.current.partition}:sns:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:${var.name}"
}

# The AWS-managed key of SQS cannot let SNS in, so topic and queues have one of their own.
module "key" {
  source = "../key"

  name                 = "${var.name}-messages"
  description          = "Messages of ${var.name} in topic and queues"
  deletion_window_days = var.key_deletion_window_days

  services = {
    "sns.amazonaws.com" = {
      actions = ["kms:GenerateDataKey*", "kms:Decrypt"]
      arns    = [local.topic_arn]
    }
  }
}

resource "aws_sns_topic" "this" {
  name              = var.name
  kms_master_key_id = module.key.arn
  # SHA256 instead of SHA1.
  signature_version = 2

  sqs_failure_feedback_role_arn    = aws_iam_role.delivery.arn
  sqs_success_feedback_role_arn    = aws_iam_role.delivery.arn
  sqs_success_feedback_sample_rate = var.delivery_sample_percent

  tags = { Name = var.name }
}

resource "aws_sqs_queue" "this" {
  name                       = var.name
  kms_master_key_id          = module.key.arn
  visibility_timeout_seconds = var.visibility_timeout_seconds
  message_retention_seconds  = var.retention_seconds
  receive_wait_time_seconds  = 20

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
    maxReceiveCount     = var.max_receive_count
  })

  tags = { Name = var.name }
}

# What the server received again and again and could not settle.
resource "aws_sqs_queue" "dead_letter" {
  name                      = "${var.name}-dead-letter"
  kms_master_key_id         = module.key.arn
  message_retention_seconds = 1209600

  tags = { Name = "${var.name}-dead-letter" }
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  queue_url = aws_sqs_queue.dead_letter.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this.arn]
  })
}

# What SNS gave up delivering: another failure than the one above, so another queue.
resource "aws_sqs_queue" "undelivered" {
  name                      = "${var.name}-undelivered"
  kms_master_key_id         = module.key.arn
  message_retention_seconds = 1209600

  tags = { Name = "${var.name}-undelivered" }
}

resource "aws_sqs_queue_redrive_allow_policy" "undelivered" {
  queue_url            = aws_sqs_queue.undelivered.id
  redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })
}

resource "aws_sns_topic_subscription" "queue" {
  topic_arn            = aws_sns_topic.this.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.this.arn
  raw_message_delivery = var.raw_delivery
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.undelivered.arn })

  # A subscription that may not deliver yet sends the first messages into the queue of the undelivered.
  depends_on = [aws_sqs_queue_policy.this, aws_sqs_queue_policy.undelivered]
}
