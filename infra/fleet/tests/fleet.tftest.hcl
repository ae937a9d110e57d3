mock_provider "aws" {
  source          = "../modules/testing"
  override_during = plan
}

variables {
  system       = "orders"
  fleet_file   = "./tests/fleet.yaml"
  domain       = "flights.example.org"
  zone_id      = "Z0123456789ABCDEFGHIJ"
  image        = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  client_cidrs = ["198.51.100.0/24"]
  alarm_emails = ["on-call@example.org"]
  collector = {
    image            = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala-collector@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    workspace_arn    = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-1"
    remote_write_url = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write"
  }
}

run "one_system_of_the_file" {
  command = plan

  assert {
    condition     = output.system.url == "https://orders.flights.example.org" && yamldecode(output.system.configuration).system.tier == "standard"
    error_message = "Name and tier come from the file."
  }
}

run "another_one_of_tier_critical" {
  command = plan

  variables {
    system = "crew"
  }

  assert {
    condition     = yamldecode(output.system.configuration).system.tier == "critical" && output.system.database.host != output.system.database.reader_host
    error_message = "A critical system gets a cluster."
  }
}

run "refuses_a_system_that_the_file_does_not_name" {
  command = plan

  variables {
    system = "nobody"
    domain = "example"
  }

  expect_failures = [var.fleet_file, var.domain]
}
