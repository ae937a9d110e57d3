mock_provider "aws" {
  source          = "../modules/testing"
  override_during = plan
}

run "only_tls_and_nothing_is_dropped" {
  command = plan

  variables {
    publisher_arns = ["arn:aws:iam::210987654321:role/booking"]
  }

  assert {
    condition     = aws_lb_listener.https.protocol == "HTTPS" && startswith(aws_lb_listener.https.ssl_policy, "ELBSecurityPolicy-TLS13-1-2") && aws_lb_listener.http.default_action[0].redirect[0].protocol == "HTTPS" && aws_lb_listener.http.default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "The API is reached over TLS 1.2 or 1.3, and HTTP is sent there."
  }

  assert {
    condition     = aws_acm_certificate.this[0].domain_name == "orders.example.org" && aws_route53_record.api[0].name == "orders.example.org"
    error_message = "Certificate and record are made for the domain."
  }

  assert {
    condition     = aws_lb.this.drop_invalid_header_fields && aws_lb.this.desync_mitigation_mode == "strictest" && aws_lb.this.enable_deletion_protection && aws_lb.this.access_logs[0].enabled && aws_lb.this.connection_logs[0].enabled
    error_message = "The load balancer refuses ambiguous requests, resists deletion, and logs requests and connections."
  }

  assert {
    condition     = toset([for rule in aws_wafv2_web_acl.this.rule : rule.name]) == toset(["rate", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesAmazonIpReputationList"]) && aws_wafv2_web_acl_association.this.resource_arn == aws_lb.this.arn
    error_message = "The firewall stands before the load balancer."
  }

  assert {
    condition     = { for rule in aws_vpc_security_group_ingress_rule.edge : rule.from_port => rule.cidr_ipv4 } == { 80 = "198.51.100.0/24", 443 = "198.51.100.0/24" }
    error_message = "Only the clients are let in."
  }

  assert {
    condition     = aws_lb_target_group.api.health_check[0].path == "/ping" && length(aws_lb_listener_rule.no_publishing) == 1
    error_message = "The load balancer asks whether the process answers, no more; publishing over HTTP is off unless it is wanted."
  }

  assert {
    condition     = aws_sns_topic.messages.kms_master_key_id == module.messages_key.arn && alltrue([for queue in local.queues : queue.kms_master_key_id == module.messages_key.arn && queue.message_retention_seconds == 1209600]) && aws_sns_topic.messages.signature_version == 2
    error_message = "Topic and queues use the key that lets SNS in, messages are signed with SHA256 and wait for fourteen days."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.messages.redrive_policy).maxReceiveCount == 30 && jsondecode(aws_sqs_queue.messages.redrive_policy).deadLetterTargetArn == aws_sqs_queue.parked["dead-letter"].arn && jsondecode(aws_sns_topic_subscription.queue.redrive_policy).deadLetterTargetArn == aws_sqs_queue.parked["undelivered"].arn
    error_message = "What is received too often, and what SNS cannot deliver, go to queues of their own."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_allow_policy.parked["dead-letter"].redrive_allow_policy).sourceQueueArns == [aws_sqs_queue.messages.arn] && jsondecode(aws_sqs_queue_redrive_allow_policy.parked["undelivered"].redrive_allow_policy).redrivePermission == "denyAll"
    error_message = "Only this queue may use the dead-letter queue."
  }

  assert {
    condition     = !aws_sns_topic_subscription.queue.raw_message_delivery && aws_sqs_queue.messages.receive_wait_time_seconds == 20
    error_message = "The SNS message id is kept, and receives wait."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.topic.statement[0].principals).identifiers == toset(["arn:aws:iam::210987654321:role/booking"]) && contains(module.messages_key.user_arns, "arn:aws:iam::210987654321:role/booking")
    error_message = "The named role may publish and use the key, or nothing is encrypted."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.queue["messages"].statement[0].condition).values == tolist([aws_sns_topic.messages.arn]) && length(data.aws_iam_policy_document.queue["dead-letter"].statement) == 0
    error_message = "Only the topic may send to the queue, and nobody to the dead-letter queue."
  }

  assert {
    condition     = alltrue([for document in concat(values(data.aws_iam_policy_document.queue), [data.aws_iam_policy_document.topic, data.aws_iam_policy_document.alarms, data.aws_iam_policy_document.logs]) : length(document.source_policy_documents) == 1]) && alltrue([for document in data.aws_iam_policy_document.only_tls : document.statement[0].effect == "Deny"])
    error_message = "Topics, queues and the bucket refuse what is not encrypted on its way."
  }
}

run "a_certificate_from_elsewhere_and_publishing_from_inside" {
  command = plan

  variables {
    zone_id         = null
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/own"
    edge            = { internal = true, publish_over_http = true }
  }

  assert {
    condition     = length(aws_acm_certificate.this) == 0 && length(aws_route53_record.api) == 0 && aws_lb_listener.https.certificate_arn == "arn:aws:acm:eu-west-1:123456789012:certificate/own"
    error_message = "The given certificate is used, and no record made."
  }

  assert {
    condition     = !contains(keys(yamldecode(output.configuration).databases.orders), "api-url")
    error_message = "Who takes messages over HTTP makes tables."
  }

  assert {
    condition     = length(aws_lb_listener_rule.no_publishing) == 0 && aws_lb.this.internal
    error_message = "Publishing is let through, from inside."
  }
}
