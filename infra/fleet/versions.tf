terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }

  # terraform init -backend-config=bucket=… -backend-config=region=… -backend-config=key=systems/NAME.tfstate
  backend "s3" {
    use_lockfile = true
    encrypt      = true
  }
}

provider "aws" {
  region = local.system.region

  default_tags {
    tags = {
      system     = var.system
      env        = "prod"
      team       = local.system.team
      tier       = local.system.tier
      managed-by = "terraform"
    }
  }
}
