terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # terraform init -backend-config=bucket=… -backend-config=region=… -backend-config=key=shared/REGION.tfstate
  backend "s3" {
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      system     = "shared"
      env        = "shared"
      team       = var.team
      tier       = "critical"
      managed-by = "terraform"
    }
  }
}
