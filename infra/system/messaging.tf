# The AWS-managed key of SQS cannot let SNS in, so topic and queues have one of their own.
module "messages_key" {
  source = "../modules/key"

  name                 = "${local.name}-messages"
  description          = "Messages of ${local.name} in topic and queues"
  deletion_window_days = local.key_deletion_window_days

  # Written out, since the key's policy is needed before the topic.
  services = {
    "sns.amazonaws.com" = { actions = ["kms:GenerateDataKey*", "kms:Decrypt"], arns = ["${local.arn}:sns:${local.region}:${local.account}:${local.name}"] }
  }

  # SNS encrypts in the name of whoever publishes.
  others = length(var.publisher_arns) == 0 ? null : {
    arns    = var.publisher_arns
    actions = ["kms:Decrypt", "kms:GenerateDataKey"]
    via     = "sns.${local.region}.amazonaws.com"
  }
}

resource "aws_sns_topic" "messages" {
  name              = local.name
  kms_master_key_id = module.messages_key.arn
  # SHA256 instead of SHA1.
  signature_version = 2

  sqs_failure_feedback_role_arn    = aws_iam_role.delivery.arn
  sqs_success_feedback_role_arn    = aws_iam_role.delivery.arn
  sqs_success_feedback_sample_rate = 0

  tags = { Name = local.name }
}

resource "aws_sqs_queue" "messages" {
  name              = local.name
  kms_master_key_id = module.messages_key.arn
  # The server renews it at half of this time for what it still works on.
  visibility_timeout_seconds = 120
  # Fourteen days: the longest outage of the database that loses nothing.
  message_retention_seconds = 1209600
  receive_wait_time_seconds = 20

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.parked["dead-letter"].arn
    # Fewer are used up by restarts and outages, not by bad messages: what cannot be stored waits in escala.dead_letter.
    maxReceiveCount = 30
  })

  tags = { Name = local.name }
}

# dead-letter: what the server received again and again and could not settle. undelivered: what SNS gave up delivering.
resource "aws_sqs_queue" "parked" {
  for_each = toset(["dead-letter", "undelivered"])

  name                      = "${local.name}-${each.key}"
  kms_master_key_id         = module.messages_key.arn
  message_retention_seconds = 1209600

  tags = { Name = "${local.name}-${each.key}" }
}

resource "aws_sqs_queue_redrive_allow_policy" "parked" {
  for_each = aws_sqs_queue.parked

  queue_url = each.value.id
  redrive_allow_policy = (each.key == "undelivered" ? jsonencode({ redrivePermission = "denyAll" }) :
  jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.messages.arn] }))
}

resource "aws_sns_topic_subscription" "queue" {
  topic_arn = aws_sns_topic.messages.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.messages.arn
  # Without the envelope of SNS its message id is lost, which is the dedup key of messages that bring none.
  raw_message_delivery = false
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.parked["undelivered"].arn })

  # A subscription that may not deliver yet sends the first messages into the queue of the undelivered.
  depends_on = [aws_sqs_queue_policy.this]
}
