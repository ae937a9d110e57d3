mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  repository            = "example/escala"
  image_repository_arns = ["arn:aws:ecr:eu-west-1:123456789012:repository/escala"]
  state_bucket_arn      = "arn:aws:s3:::example-states"
  environments          = { dev = { clusters = ["flights-dev"] }, prod = { clusters = ["flights-prod"] } }
}

run "each_role_for_one_environment" {
  command = plan

  assert {
    condition     = toset(keys(aws_iam_role.this)) == toset(["push", "plan-dev", "plan-prod", "deploy-dev", "deploy-prod"])
    error_message = "Push, plan and deploy are different roles."
  }

  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.trust : alltrue([for condition in document.statement[0].condition : condition.test == "StringEquals" && alltrue([for value in condition.values : !strcontains(value, "*")])])
    ])
    error_message = "Subjects are compared by StringEquals, without wildcards."
  }

  assert {
    condition     = [for condition in data.aws_iam_policy_document.trust["deploy-prod"].statement[0].condition : one(condition.values) if endswith(condition.variable, ":sub")] == ["repo:example/escala:environment:prod"]
    error_message = "Only jobs in the environment prod deploy to prod."
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.this : role.permissions_boundary == aws_iam_policy.boundary.arn])
    error_message = "A boundary limits every role."
  }

  assert {
    condition     = aws_iam_role.this["deploy-dev"].max_session_duration == 10800 && aws_iam_role.this["push"].max_session_duration == 3600
    error_message = "Only a deployment may take longer than an hour."
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.deploy["dev"].statement : one(statement.condition).values if contains(statement.actions, "iam:PassRole")] == [tolist(["ecs-tasks.amazonaws.com"])]
    error_message = "Roles are passed to tasks alone."
  }

  assert {
    condition     = !anytrue([for statement in data.aws_iam_policy_document.deploy["dev"].statement : anytrue([for resource in statement.resources : strcontains(resource, "flights-prod")])])
    error_message = "Who deploys to dev cannot reach prod."
  }
}

run "tokens_with_ids_a_cluster_in_another_region_and_an_account_that_has_the_provider" {
  command = plan

  variables {
    subject_prefix  = "repo:example@65241/escala@1048213"
    environments    = { prod = { clusters = ["flights-prod", "eu-central-1/crew-prod"] } }
    create_provider = false
  }

  assert {
    condition     = [for condition in data.aws_iam_policy_document.trust["deploy-prod"].statement[0].condition : one(condition.values) if endswith(condition.variable, ":sub")] == ["repo:example@65241/escala@1048213:environment:prod"]
    error_message = "The subject begins as the tokens of this repository do."
  }

  assert {
    condition     = one([for statement in data.aws_iam_policy_document.deploy["prod"].statement : statement.resources if contains(statement.actions, "ecs:UpdateService")]) == toset([for service in ["eu-west-1:123456789012:service/flights-prod/api", "eu-west-1:123456789012:service/flights-prod/ingest", "eu-central-1:123456789012:service/crew-prod/api", "eu-central-1:123456789012:service/crew-prod/ingest"] : "arn:aws:ecs:${service}"])
    error_message = "The roles, which an account has once, deploy to every region that is named."
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "It is not made twice."
  }
}

run "refuses_the_subject_of_another_repository" {
  command = plan

  variables {
    subject_prefix = "repo:somebody@1/escala@1048213"
  }

  expect_failures = [var.subject_prefix]
}

run "refuses_a_subject_for_any_repository" {
  command = plan

  variables {
    subject_prefix = "repo:example@65241/*"
  }

  expect_failures = [var.subject_prefix]
}

run "refuses_wildcards" {
  command = plan

  variables {
    repository            = "example/*"
    image_repository_arns = ["*"]
    state_bucket_arn      = "*"
    environments          = { prod = { clusters = ["*"] } }
  }

  expect_failures = [var.repository, var.image_repository_arns, var.state_bucket_arn, var.environments]
}
