mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  name         = "orders-prod"
  vpc_id       = "vpc-1"
  subnet_ids   = ["subnet-a", "subnet-b", "subnet-c"]
  client_cidrs = ["198.51.100.0/24"]
  domain_name  = "orders.example.org"
  zone_id      = "Z0123456789"
  log_key_arn  = "arn:aws:kms:eu-west-1:123456789012:key/logs"
}

run "only_tls" {
  command = plan

  assert {
    condition     = aws_lb_listener.https.protocol == "HTTPS" && startswith(aws_lb_listener.https.ssl_policy, "ELBSecurityPolicy-TLS13-1-2")
    error_message = "The API is reached over TLS 1.2 or 1.3."
  }

  assert {
    condition     = aws_lb_listener.http.default_action[0].redirect[0].protocol == "HTTPS" && aws_lb_listener.http.default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "HTTP is sent to HTTPS."
  }

  assert {
    condition     = aws_acm_certificate.this[0].domain_name == "orders.example.org" && aws_route53_record.api[0].name == "orders.example.org"
    error_message = "Certificate and record are made for the domain."
  }
}

run "hardened" {
  command = plan

  assert {
    condition     = aws_lb.this.drop_invalid_header_fields && aws_lb.this.desync_mitigation_mode == "strictest" && aws_lb.this.enable_deletion_protection
    error_message = "The load balancer refuses ambiguous requests and resists deletion."
  }

  assert {
    condition     = aws_lb.this.access_logs[0].enabled && aws_lb.this.connection_logs[0].enabled
    error_message = "Requests and connections are logged."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.logs.block_public_acls && aws_s3_bucket_public_access_block.logs.block_public_policy && aws_s3_bucket_public_access_block.logs.ignore_public_acls && aws_s3_bucket_public_access_block.logs.restrict_public_buckets
    error_message = "Nobody outside reads the logs."
  }

  assert {
    condition     = toset([for rule in aws_wafv2_web_acl.this.rule : rule.name]) == toset(["rate", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesAmazonIpReputationList"]) && aws_wafv2_web_acl_association.this.resource_arn == aws_lb.this.arn
    error_message = "The firewall stands before the load balancer."
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.https : rule.cidr_ipv4]) == toset(["198.51.100.0/24"])
    error_message = "Only the clients are let in."
  }
}

run "a_stumbling_database_keeps_the_tasks" {
  command = plan

  assert {
    condition     = aws_lb_target_group.api.health_check[0].path == "/ping" && aws_lb_target_group.api.health_check[0].interval == 10
    error_message = "The load balancer asks whether the process answers, no more."
  }

  assert {
    condition     = length(aws_lb_listener_rule.no_publishing) == 1
    error_message = "Publishing over HTTP is off unless it is wanted."
  }
}

run "a_certificate_from_elsewhere" {
  command = plan

  variables {
    zone_id           = null
    certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/own"
    publish_over_http = true
    internal          = true
  }

  assert {
    condition     = length(aws_acm_certificate.this) == 0 && length(aws_route53_record.api) == 0 && aws_lb_listener.https.certificate_arn == "arn:aws:acm:eu-west-1:123456789012:certificate/own"
    error_message = "The given certificate is used, and no record made."
  }

  assert {
    condition     = length(aws_lb_listener_rule.no_publishing) == 0 && aws_lb.this.internal
    error_message = "Publishing is let through, from inside."
  }
}

run "refuses_the_whole_internet" {
  command = plan

  variables {
    client_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_a_domain_without_certificate" {
  command = plan

  variables {
    zone_id = null
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name                      = "internal-orders"
    vpc_id                    = "orders"
    subnet_ids                = ["subnet-a"]
    client_cidrs              = []
    domain_name               = "orders"
    zone_id                   = "example.org"
    requests_per_5_minutes    = 10
    access_log_retention_days = 1
    log_retention_days        = 0
    log_key_arn               = ""
  }

  expect_failures = [
    var.name,
    var.vpc_id,
    var.subnet_ids,
    var.client_cidrs,
    var.domain_name,
    var.zone_id,
    var.requests_per_5_minutes,
    var.access_log_retention_days,
    var.log_retention_days,
    var.log_key_arn,
  ]
}
