terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # terraform init -backend-config=bucket=… -backend-config=region=… -backend-config=key=systems/SYSTEM-ENV.tfstate
  backend "s3" {
    use_lockfile = true
  }
}

provider "aws" {
  region = local.labels.region

  default_tags {
    tags = {
      system     = var.system
      env        = var.env
      team       = local.labels.team
      tier       = local.labels.tier
      managed-by = "terraform"
    }
  }
}
