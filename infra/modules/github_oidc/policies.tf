# Whatever is attached to these roles by mistake, they never touch identities, keys or data.
data "aws_iam_policy_document" "boundary" {
  statement {
    sid = "Deliver"
    actions = [
      "acm:Describe*", "acm:Get*", "acm:List*", "application-autoscaling:Describe*", "application-autoscaling:List*", "aps:Describe*", "aps:List*",
      "cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*", "ec2:Describe*", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload", "ecr:Describe*", "ecr:Get*", "ecr:InitiateLayerUpload", "ecr:List*", "ecr:PutImage", "ecr:UploadLayerPart",
      "ecs:Describe*", "ecs:List*", "ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:StopTask", "ecs:TagResource", "ecs:UpdateService",
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

  # ReadOnlyAccess decrypts nothing, and the states have a key of their own.
  statement {
    sid       = "DecryptTheStates"
    actions   = ["kms:Decrypt"]
    resources = ["${local.arn}:kms:${local.region}:${local.account}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = ["alias/escala-states"]
    }
  }
}

resource "aws_iam_role_policy" "plan" {
  for_each = var.environments

  name   = "only-the-states"
  role   = aws_iam_role.this["plan-${each.key}"].id
  policy = data.aws_iam_policy_document.plan.json
}

locals {
  # Roles are made once for all regions; a cluster elsewhere is written REGION/CLUSTER.
  clusters = {
    for name, environment in var.environments : name => [
      for cluster in environment.clusters : {
        name = reverse(split("/", cluster))[0]
        ecs  = "${local.arn}:ecs:${strcontains(cluster, "/") ? split("/", cluster)[0] : local.region}:${local.account}"
      }
    ]
  }
  # What of a system may be deployed, by the environment: its services, and the task definitions that are made for them.
  deployed = {
    for name, clusters in local.clusters : name => [
      for pair in setproduct(clusters, ["api", "ingest"]) : { cluster = pair[0].name, ecs = pair[0].ecs, role = pair[1] }
    ]
  }
}

data "aws_iam_policy_document" "deploy" {
  for_each = var.environments

  statement {
    sid       = "LogInToTheRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  # Whose digest it is that the attestation speaks of.
  statement {
    sid       = "ReadTheManifest"
    actions   = ["ecr:BatchGetImage"]
    resources = var.image_repository_arns
  }

  # ECS knows no narrower resource for reading a task definition, and none before it is registered.
  statement {
    sid       = "Register"
    actions   = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
    resources = ["*"]
  }

  statement {
    sid       = "KeepTags"
    actions   = ["ecs:TagResource"]
    resources = [for service in local.deployed[each.key] : "${service.ecs}:task-definition/${service.cluster}-${service.role}-deployed:*"]

    condition {
      test     = "StringEquals"
      variable = "ecs:CreateAction"
      values   = ["RegisterTaskDefinition"]
    }
  }

  statement {
    sid       = "WatchTheAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = [for cluster in local.clusters[each.key] : "${replace(cluster.ecs, ":ecs:", ":cloudwatch:")}:alarm:${cluster.name}-*"]
  }

  statement {
    sid       = "UpdateTheServices"
    actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = [for service in local.deployed[each.key] : "${service.ecs}:service/${service.cluster}/${service.role}"]
  }

  # Never `prepare`: its task gets the administrator's secret.
  statement {
    sid       = "MigrateAndTry"
    actions   = ["ecs:RunTask"]
    resources = [for service in local.deployed[each.key] : "${service.ecs}:task-definition/${service.cluster}-${service.role}-deployed:*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [for cluster in local.clusters[each.key] : "${cluster.ecs}:cluster/${cluster.name}"]
    }
  }

  statement {
    sid       = "WatchAndStopWhatWasStarted"
    actions   = ["ecs:DescribeTasks", "ecs:StopTask"]
    resources = [for cluster in local.clusters[each.key] : "${cluster.ecs}:task/${cluster.name}/*"]
  }

  statement {
    sid     = "PassTheRolesOfTheTasks"
    actions = ["iam:PassRole"]
    resources = flatten([
      for cluster in local.clusters[each.key] : [for role in ["api", "api-execution", "ingest", "ingest-execution"] : "${local.arn}:iam::${local.account}:role/${cluster.name}-${role}"]
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
