mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  name        = "orders-messages"
  description = "Messages of orders"
}

run "rotates_and_waits" {
  command = plan

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30
    error_message = "A key rotates, and its deletion can be taken back for a month."
  }

  assert {
    condition     = aws_kms_alias.this.name == "alias/orders-messages" && length(data.aws_iam_policy_document.this.statement) == 1
    error_message = "The alias is the name, and without services only the account administers the key."
  }
}

run "service_only_for_its_sources" {
  command = plan

  variables {
    services = {
      "sns.amazonaws.com" = { actions = ["kms:Decrypt", "kms:GenerateDataKey*"], arns = ["arn:aws:sns:eu-west-1:123456789012:orders"] }
    }
  }

  assert {
    condition     = one(data.aws_iam_policy_document.this.statement[1].principals).identifiers == toset(["sns.amazonaws.com"])
    error_message = "The service is the principal."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.this.statement[1].condition).values == tolist(["arn:aws:sns:eu-west-1:123456789012:orders"])
    error_message = "The service may use the key only for the named topic."
  }
}

run "logs_of_this_account" {
  command = plan

  variables {
    logs = true
  }

  assert {
    condition     = one(data.aws_iam_policy_document.this.statement[1].condition).variable == "kms:EncryptionContext:aws:logs:arn" && one(data.aws_iam_policy_document.this.statement[1].condition).values == tolist(["arn:aws:logs:eu-west-1:123456789012:log-group:*"])
    error_message = "CloudWatch Logs uses the key for its groups here, and for nothing else."
  }
}

run "another_account_only_through_one_service" {
  command = plan

  variables {
    others = { arns = ["arn:aws:iam::210987654321:role/booking"], actions = ["kms:Decrypt", "kms:GenerateDataKey"], via = "sns.eu-west-1.amazonaws.com" }
  }

  assert {
    condition     = one(data.aws_iam_policy_document.this.statement[1].principals).identifiers == toset(["arn:aws:iam::210987654321:role/booking"])
    error_message = "The key lets in whom it names."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.this.statement[1].condition).variable == "kms:ViaService"
    error_message = "And only through one service."
  }
}

run "refuses_any_account_and_all_actions" {
  command = plan

  variables {
    others   = { arns = ["*"], actions = ["kms:Decrypt"], via = "sns.eu-west-1.amazonaws.com" }
    services = { "sns.amazonaws.com" = { actions = ["kms:*"], arns = ["arn:aws:sns:eu-west-1:123456789012:orders"] } }
  }

  expect_failures = [var.others, var.services]
}

run "refuses_all_sources" {
  command = plan

  variables {
    services = { "sns.amazonaws.com" = { actions = ["kms:Decrypt"], arns = ["*"] } }
  }

  expect_failures = [var.services]
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    name                 = "aws/sqs"
    description          = "key"
    services             = { "*" = { actions = ["kms:Decrypt"], arns = ["arn:aws:sns:eu-west-1:123456789012:orders"] } }
    deletion_window_days = 3
  }

  expect_failures = [var.name, var.description, var.services, var.deletion_window_days]
}
