mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  image         = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  configuration = <<-YAML
    admin: {host: 0.0.0.0}
    targets:
      - system: {name: orders, env: prod, tier: standard, region: eu-west-1}
        url: https://orders.example.org
        read: /orders/orders?limit=1
  YAML
  network       = { vpc_id = "vpc-1", private_subnet_ids = ["subnet-a", "subnet-b"] }
  collector = {
    image            = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/collector@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
    workspace_arn    = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-1"
    remote_write_url = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write"
  }
}

run "one_task_that_asks_for_good" {
  command = plan

  assert {
    condition     = aws_ecs_service.this.desired_count == 1 && aws_ecs_service.this.task_definition == module.task.arn && !aws_ecs_service.this.network_configuration[0].assign_public_ip
    error_message = "The image of the product runs as a prober."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name          = "-"
    image         = "escala:latest"
    configuration = "targets: []"
    network       = { vpc_id = "net", private_subnet_ids = ["subnet-a"] }
    collector     = { image = "collector:latest", workspace_arn = "ws", remote_write_url = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write" }
  }

  expect_failures = [var.name, var.image, var.configuration, var.network, var.collector]
}
