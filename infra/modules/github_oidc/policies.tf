# Whatever is attached to these roles by mistake, they never touch identities, keys or data.
data "aws_iam_policy_document" "boundary" {
  statement {
    sid = "Deliver"
    actions = [
      "acm:Describe*", "acm:Get*", "acm:List*", "application-autoscaling:Describe*", "application-autoscaling:List*", "aps:Describe*", "aps:List*",
      "cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*", "ec2:Describe*", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload", "ecr:Describe*", "ecr:Get*", "ecr:InitiateLayerUpload", "ecr:List*", "ecr:PutImage", "ecr:UploadLayerPart",
      "ecs:Describe*", "ecs:List*", "ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:TagResource", "ecs:UpdateService",
      "elasticloadbalancing:Describe*", "iam:Get*", "iam:List*", "iam:PassRole", "kms:Decrypt", "kms:Describe*", "kms:Get*", "kms:List*",
      "logs:Describe*", "logs:List*", "rds:Describe*", "rds:List*", "route53:Get*", "route53:List*", "s3:Get*", "s3:List*",
      "secretsmanager:Describe*", "secretsmanager:GetResourcePolicy", "secretsmanager:List*", "sns:Get*", "sns:List*", "sqs:Get*", "sqs:List*",
      "sts:GetCallerIdentity", "wafv2:Get*", "wafv2:List*",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "NeverData"
    effect    = "Deny"
    actions   = ["secretsmanager:GetSecretValue", "sqs:ReceiveMessage", "rds-db:connect", "ecs:ExecuteCommand"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name        = "escala-github-boundary"
  description = "The most that a job on GitHub may ever do"
  policy      = data.aws_iam_policy_document.boundary.json
}

data "aws_iam_policy_document" "push" {
  statement {
    sid       = "LogInToTheRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "PushImages"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
    ]
    resources = var.image_repository_arns
  }
}

resource "aws_iam_role_policy" "push" {
  name   = "push"
  role   = aws_iam_role.this["push"].id
  policy = data.aws_iam_policy_document.push.json
}

# Reading what exists is all that a plan needs; the boundary takes out of it what would be data.
resource "aws_iam_role_policy_attachment" "plan" {
  for_each = var.environments

  role       = aws_iam_role.this["plan-${each.key}"].name
  policy_arn = "${local.arn}:iam::aws:policy/ReadOnlyAccess"
}

data "aws_iam_policy_document" "plan" {
  statement {
    sid           = "OnlyTheStates"
    effect        = "Deny"
    actions       = ["s3:GetObject*"]
    not_resources = ["${var.state_bucket_arn}/*"]

  }
}

resource "aws_iam_role_policy" "plan" {
  for_each = var.environments

  name   = "only-the-states"
  role   = aws_iam_role.this["plan-${each.key}"].id
  policy = data.aws_iam_policy_document.plan.json
}

data "aws_iam_policy_document" "deploy" {
  for_each = var.environments

  statement {
    sid       = "Register"
    actions   = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
    resources = ["*"]
  }

  statement {
    sid       = "WatchTheAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = [for cluster in each.value.clusters : "${local.arn}:cloudwatch:${local.region}:${local.account}:alarm:${cluster}-*"]
  }

  statement {
    sid     = "UpdateTheServices"
    actions = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = flatten([
      for cluster in each.value.clusters : [for role in ["api", "ingest"] : "${local.arn}:ecs:${local.region}:${local.account}:service/${cluster}/${role}"]
    ])
  }

  statement {
    sid     = "RunTheMigration"
    actions = ["ecs:RunTask"]
    resources = flatten([
      for cluster in each.value.clusters : [for role in ["api", "ingest", "prepare"] : "${local.arn}:ecs:${local.region}:${local.account}:task-definition/${cluster}-${role}:*"]
    ])
  }

  statement {
    sid       = "WatchTheMigration"
    actions   = ["ecs:DescribeTasks"]
    resources = [for cluster in each.value.clusters : "${local.arn}:ecs:${local.region}:${local.account}:task/${cluster}/*"]
  }

  statement {
    sid       = "KeepTags"
    actions   = ["ecs:TagResource"]
    resources = flatten([for cluster in each.value.clusters : [for role in ["api", "ingest"] : "${local.arn}:ecs:${local.region}:${local.account}:task-definition/${cluster}-${role}:*"]])
  }

  statement {
    sid     = "PassTheRolesOfTheTasks"
    actions = ["iam:PassRole"]
    resources = flatten([
      for cluster in each.value.clusters : [for role in ["api", "ingest", "serve-execution", "prepare-execution"] : "${local.arn}:iam::${local.account}:role/${cluster}-${role}"]
    ])

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "deploy" {
  for_each = var.environments

  name   = "deploy"
  role   = aws_iam_role.this["deploy-${each.key}"].id
  policy = data.aws_iam_policy_document.deploy[each.key].json
}
