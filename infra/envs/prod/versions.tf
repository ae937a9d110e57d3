terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }

  # terraform init -backend-config=bucket=… -backend-config=region=…
  backend "s3" {
    key          = "systems/prod.tfstate"
    use_lockfile = true
    encrypt      = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      system     = var.system
      env        = "prod"
      team       = var.team
      tier       = var.tier
      managed-by = "terraform"
    }
  }
}
