data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account  = data.aws_caller_identity.current.account_id
  region   = data.aws_region.current.name
  arn      = "arn:${data.aws_partition.current.partition}"
  issuer   = "token.actions.githubusercontent.com"
  provider = "${local.arn}:iam::${local.account}:oidc-provider/${local.issuer}"
  prefix   = coalesce(var.subject_prefix, "repo:${var.repository}")

  # Each role by the one environment of GitHub whose jobs may take it.
  subjects = merge(
    { push = "build" },
    { for name in keys(var.environments) : "plan-${name}" => "${name}-plan" },
    { for name in keys(var.environments) : "deploy-${name}" => name },
  )
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.create_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  for_each = local.subjects

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Equal, never like: an asterisk would let in branches and pull requests of anybody.
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["${local.prefix}:environment:${each.value}"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.subjects

  name                 = "escala-github-${each.key}"
  description          = "Jobs of ${var.repository} in the environment ${each.value}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  permissions_boundary = aws_iam_policy.boundary.arn
  # A deployment waits for a slow roll-out, and has to be able to take it back afterwards.
  max_session_duration = startswith(each.key, "deploy-") ? 10800 : 3600

  depends_on = [aws_iam_openid_connect_provider.github]
}
