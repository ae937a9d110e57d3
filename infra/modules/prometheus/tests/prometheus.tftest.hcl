mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  rules_directory   = "./tests/rules"
  alertmanager_file = "./tests/alertmanager.yml"
}

run "rules_and_routes" {
  command = plan

  variables {
    alert_emails = ["on-call@example.org"]
  }

  assert {
    condition     = aws_prometheus_rule_group_namespace.this["example.yml"].data == file("./tests/rules/example.yml") && aws_prometheus_rule_group_namespace.this["example.yml"].name == "example"
    error_message = "Rule files go up as they are."
  }

  assert {
    condition     = yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this.definition).alertmanager_config).route == { receiver = "default", group_by = ["alertname"] }
    error_message = "The routing tree is the tested one."
  }

  assert {
    condition     = [for receiver in yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this.definition).alertmanager_config).receivers : try(receiver.sns_configs[0].attributes.receiver, "")] == ["default", "pages", ""]
    error_message = "Each receiver becomes the topic, with its name; one that tells nobody stays so."
  }

  assert {
    condition     = aws_prometheus_workspace.this.kms_key_arn == module.key.arn && aws_sns_topic.alerts.kms_master_key_id == module.key.arn && length(aws_sns_topic_subscription.email) == 1
    error_message = "Metrics and alerts are encrypted, and somebody gets them."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name               = "e_"
    rules_directory    = "./tests/nothing"
    alertmanager_file  = "./tests/rules/example.yml"
    alert_emails       = ["nobody"]
    log_retention_days = 0
  }

  expect_failures = [var.name, var.rules_directory, var.alertmanager_file, var.alert_emails, var.log_retention_days]
}
