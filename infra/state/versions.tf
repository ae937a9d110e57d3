terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
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
