mock_provider "aws" {
  source          = "../modules/testing"
  override_during = plan
}

variables {
  team               = "platform"
  github             = { repository = "example/escala" }
  state_bucket       = "example-escala-states"
  alert_emails       = ["on-call@example.org"]
  monthly_budget_usd = 1500
}

run "the_first_region" {
  command = plan

  variables {
    inventory_file = "./tests/inventory.yml"
    links          = { runbooks = "https://git.example.org/main/", dashboards = "https://grafana.example.org/" }
    network        = {}
    prober = {
      image              = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      collector_image    = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala-collector@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
      configuration_file = "tests/probe.yaml"
    }
  }

  assert {
    condition     = length(output.github_role_arns) == 5
    error_message = "The roles of GitHub are made."
  }

  assert {
    condition     = aws_budgets_budget.this[0].limit_amount == "1500" && alltrue([for notification in aws_budgets_budget.this[0].notification : notification.subscriber_email_addresses == toset(["on-call@example.org"])])
    error_message = "Somebody is told before the money is gone."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.images : repository.image_tag_mutability == "IMMUTABLE" && repository.image_scanning_configuration[0].scan_on_push && repository.encryption_configuration[0].kms_key == module.images_key.arn])
    error_message = "Images do not change, are scanned and encrypted."
  }

  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.images["escala"].policy).rules[0].selection.countNumber == 50
    error_message = "As many images are kept as a deployment can be taken back."
  }

  assert {
    condition     = toset(keys(aws_prometheus_rule_group_namespace.this)) == toset(concat(keys(local.rules), ["inventory"])) && length(local.rules) > 0 && aws_prometheus_rule_group_namespace.this["inventory"].data == file("./tests/inventory.yml")
    error_message = "The rule files go up, and which systems there should be with them."
  }

  assert {
    condition     = alltrue([for url in flatten([for name, text in local.rules : [for group in yamldecode(text).groups : [for rule in group.rules : [for key, value in try(rule.annotations, {}) : value if endswith(key, "_url")]]]]) : startswith(url, "https://git.example.org/main/docs/") || startswith(url, "https://grafana.example.org/d/")])
    error_message = "Their links work."
  }

  assert {
    condition     = jsondecode(aws_sns_topic_subscription.email["on-call@example.org"].filter_policy).receiver == local.read_by_people && length(local.read_by_people) > 0 && !contains(local.read_by_people, "watchdog")
    error_message = "People get what is for people, and no watchdog."
  }

  assert {
    condition     = yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this.definition).alertmanager_config).route == local.alertmanager.route
    error_message = "The routing tree is the tested one."
  }

  assert {
    condition     = alltrue([for index, receiver in yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this.definition).alertmanager_config).receivers : try(receiver.sns_configs[0].attributes.receiver, "") == (length(local.alertmanager.receivers[index]) == 1 ? "" : receiver.name)])
    error_message = "Each receiver becomes the topic, with its name; one that tells nobody stays so."
  }

  assert {
    condition     = aws_prometheus_workspace.this.kms_key_arn == module.metrics_key.arn && aws_sns_topic.alerts.kms_master_key_id == module.metrics_key.arn
    error_message = "Metrics and alerts are encrypted."
  }

  assert {
    condition     = length(output.network.private_subnet_ids) == 3 && length(module.prober) == 1
    error_message = "Systems of the region share one VPC, and are asked from it."
  }
}

run "a_prober_needs_a_way_out" {
  command = plan

  variables {
    prober = {
      image              = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      collector_image    = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala-collector@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
      configuration_file = "tests/probe.yaml"
    }
  }

  expect_failures = [var.prober]
}

run "another_region" {
  command = plan

  variables {
    region             = "eu-central-1"
    github             = null
    monthly_budget_usd = null
  }

  assert {
    condition     = output.github_role_arns == null && length(aws_budgets_budget.this) == 0
    error_message = "What an account has once is not made again."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    region             = "somewhere"
    team               = ""
    github             = { repository = "example/*" }
    state_bucket       = "*"
    alert_emails       = []
    monthly_budget_usd = 0
    network            = { cidr = "everywhere" }
    links              = { dashboards = "grafana" }
    inventory_file     = "tests/no.yml"
  }

  expect_failures = [var.region, var.team, var.github, var.state_bucket, var.alert_emails, var.links, var.inventory_file, var.monthly_budget_usd, var.network]
}
