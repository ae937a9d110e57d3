mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  name        = "orders-prod"
  log_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/logs"
}

run "three_zones_through_endpoints_and_nothing_public_by_accident" {
  command = plan

  assert {
    condition     = length(aws_subnet.public) == 3 && length(aws_subnet.private) == 3 && length(aws_subnet.data) == 3
    error_message = "Each zone has a subnet of each kind."
  }

  assert {
    condition     = length(distinct([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private), values(aws_subnet.data)) : subnet.cidr_block])) == 9
    error_message = "No two subnets share a range."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0
    error_message = "With endpoints no task reaches the internet."
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == local.endpoint_services && alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled])
    error_message = "Each service has an endpoint that answers to its ordinary name."
  }

  assert {
    condition     = length(output.network.egress.cidrs) == 0 && length(output.network.egress.security_group_ids) == 1
    error_message = "Tasks may send to the endpoints alone."
  }

  assert {
    condition     = alltrue([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private), values(aws_subnet.data)) : !subnet.map_public_ip_on_launch])
    error_message = "No subnet gives public addresses."
  }

  assert {
    condition     = length(aws_default_security_group.closed.ingress) == 0 && length(aws_default_security_group.closed.egress) == 0
    error_message = "The default group lets nothing through."
  }

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_cloudwatch_log_group.flow.retention_in_days == 365 && aws_cloudwatch_log_group.flow.kms_key_id == var.log_key_arn
    error_message = "All traffic is logged, encrypted, for a year."
  }
}

run "one_nat_for_all_zones" {
  command = plan

  variables {
    settings = { egress_mode = "nat", nat_per_zone = false }
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 3
    error_message = "All zones go out through one gateway."
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && length(aws_security_group.endpoints) == 0
    error_message = "Interface endpoints are not paid twice."
  }
}

run "a_nat_in_each_zone" {
  command = plan

  variables {
    settings = { egress_mode = "nat", zone_count = 2 }
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 2 && length(aws_route.nat) == 2
    error_message = "Each zone goes out by itself."
  }
}

run "bodies_of_large_messages" {
  command = plan

  variables {
    body_buckets = ["orders-bodies"]
  }

  assert {
    condition     = contains(data.aws_iam_policy_document.image_layers.statement[1].resources, "arn:aws:s3:::orders-bodies/*")
    error_message = "The way to S3 lets through what messages point to."
  }
}

run "a_region_with_too_few_zones" {
  command = plan

  override_data {
    target = data.aws_availability_zones.available
    values = { names = ["xx-small-1a", "xx-small-1b"] }
  }

  expect_failures = [data.aws_availability_zones.available]
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name               = "Orders_"
    settings           = { cidr = "10.0.0.0/24" }
    body_buckets       = ["*"]
    log_retention_days = 0
    log_key_arn        = ""
  }

  expect_failures = [var.name, var.settings, var.body_buckets, var.log_retention_days, var.log_key_arn]
}

run "refuses_a_single_zone" {
  command = plan

  variables {
    settings = { zone_count = 1 }
  }

  expect_failures = [var.settings]
}
