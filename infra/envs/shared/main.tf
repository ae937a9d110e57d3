data "aws_partition" "current" {}

module "registry" {
  source = "../../modules/registry"
}

module "prometheus" {
  source = "../../modules/prometheus"

  rules_directory   = "${path.module}/../../../ops/prometheus/rules"
  alertmanager_file = "${path.module}/../../../ops/alertmanager/alertmanager.yml"
  alert_emails      = var.alert_emails
}

module "github_oidc" {
  source = "../../modules/github_oidc"

  repository            = var.github_repository
  environments          = var.github_environments
  image_repository_arns = [module.registry.arns["escala"]]
  state_bucket_arn      = "arn:${data.aws_partition.current.partition}:s3:::${var.state_bucket}"
}
