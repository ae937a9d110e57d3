mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  name = "orders-prod"
}

run "encrypted_with_an_own_key" {
  command = plan

  assert {
    condition     = aws_sns_topic.this.kms_master_key_id == module.key.arn && alltrue([for queue in local.queues : queue.kms_master_key_id == module.key.arn])
    error_message = "Topic and queues use the key that lets SNS in."
  }

  assert {
    condition     = aws_sns_topic.this.signature_version == 2
    error_message = "Messages are signed with SHA256."
  }
}

run "nothing_is_dropped" {
  command = plan

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 30 && jsondecode(aws_sqs_queue.this.redrive_policy).deadLetterTargetArn == aws_sqs_queue.dead_letter.arn
    error_message = "What is received too often goes to the dead-letter queue."
  }

  assert {
    condition     = jsondecode(aws_sns_topic_subscription.queue.redrive_policy).deadLetterTargetArn == aws_sqs_queue.undelivered.arn
    error_message = "What SNS cannot deliver goes to a queue of its own."
  }

  assert {
    condition     = alltrue([for queue in local.queues : queue.message_retention_seconds == 1209600])
    error_message = "Messages wait for fourteen days."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letter.redrive_allow_policy).sourceQueueArns == [aws_sqs_queue.this.arn]
    error_message = "Only this queue may use the dead-letter queue."
  }
}

run "the_envelope_stays" {
  command = plan

  assert {
    condition     = !aws_sns_topic_subscription.queue.raw_message_delivery && aws_sqs_queue.this.receive_wait_time_seconds == 20
    error_message = "The SNS message id is kept, and receives wait."
  }
}

run "who_may_send" {
  command = plan

  variables {
    publisher_arns = ["arn:aws:iam::210987654321:role/booking"]
  }

  assert {
    condition     = one(data.aws_iam_policy_document.topic.statement[0].principals).identifiers == toset(["arn:aws:iam::210987654321:role/booking"])
    error_message = "The named role may publish."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.queue["this"].statement[0].condition).values == tolist([aws_sns_topic.this.arn])
    error_message = "Only the topic may send to the queue."
  }

  assert {
    condition     = length(data.aws_iam_policy_document.queue["dead_letter"].statement) == 1 && data.aws_iam_policy_document.queue["dead_letter"].statement[0].effect == "Deny"
    error_message = "Nobody may send to the dead-letter queue."
  }
}

run "only_tls" {
  command = plan

  assert {
    condition = alltrue([
      for document in concat(values(data.aws_iam_policy_document.queue), [data.aws_iam_policy_document.topic]) :
      anytrue([for statement in document.statement : statement.effect == "Deny" && anytrue([for condition in statement.condition : condition.variable == "aws:SecureTransport"])])
    ])
    error_message = "Topic and queues refuse what is not encrypted on its way."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name                       = "orders.fifo"
    publisher_arns             = ["*"]
    visibility_timeout_seconds = 10
    retention_seconds          = 3600
    max_receive_count          = 5
    delivery_sample_percent    = 101
    key_deletion_window_days   = 1
  }

  expect_failures = [var.name, var.publisher_arns, var.visibility_timeout_seconds, var.retention_seconds, var.max_receive_count, var.delivery_sample_percent, var.key_deletion_window_days]
}
