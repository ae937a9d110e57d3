data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  region  = data.aws_region.current.name
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"
}

# Roles and identity provider have names that an account has once, whatever the region.
module "github_oidc" {
  source = "../modules/github_oidc"
  count  = var.github == null ? 0 : 1

  repository            = var.github.repository
  subject_prefix        = var.github.subject_prefix
  create_provider       = var.github.create_provider
  environments          = var.github.environments
  image_repository_arns = [aws_ecr_repository.images["escala"].arn]
  state_bucket_arn      = "${local.arn}:s3:::${var.state_bucket}"
}

# An account has five VPCs and five fixed addresses in a region: systems share both.
module "network_key" {
  source = "../modules/key"
  count  = var.network == null ? 0 : 1

  name        = "escala-network"
  description = "Flow logs of the network that systems share"
  logs        = true
}

module "network" {
  source = "../modules/network"
  count  = var.network == null ? 0 : 1

  name         = "escala"
  settings     = var.network
  body_buckets = var.network.body_buckets
  log_key_arn  = module.network_key[0].arn
}

module "prober" {
  source = "../modules/prober"
  count  = var.prober == null ? 0 : 1

  image         = var.prober.image
  configuration = file(var.prober.configuration_file)
  network       = module.network[0].network
  collector     = merge(local.collector, { image = var.prober.collector_image })
}

# Told before the month is over, and when it has happened.
resource "aws_budgets_budget" "this" {
  count = var.monthly_budget_usd == null ? 0 : 1

  name         = "escala"
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "notification" {
    for_each = { FORECASTED = 100, ACTUAL = 80 }

    content {
      notification_type          = notification.key
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.alert_emails
    }
  }
}
