data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  region  = data.aws_region.current.name
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"

  services = merge(var.services, var.logs ? {
    "logs.${local.region}.amazonaws.com" = {
      actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
      condition = "kms:EncryptionContext:aws:logs:arn"
      arns      = ["${local.arn}:logs:${local.region}:${local.account}:log-group:*"]
    }
  } : {})
}

data "aws_iam_policy_document" "this" {
  # Without this statement nobody could ever change the key again; IAM policies decide who uses it.
  statement {
    sid       = "AccountByIam"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["${local.arn}:iam::${local.account}:root"]
    }
  }

  dynamic "statement" {
    for_each = local.services

    content {
      sid       = "Service${index(keys(local.services), statement.key)}"
      actions   = statement.value.actions
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = [statement.key]
      }

      # A service acts for anyone who may use it: only what it does for the named resources counts.
      condition {
        test     = "ArnLike"
        variable = statement.value.condition
        values   = statement.value.arns
      }
    }
  }

  # IAM of another account allows nothing here unless the key itself does.
  dynamic "statement" {
    for_each = var.others == null ? [] : [var.others]

    content {
      sid       = "OtherAccounts"
      actions   = statement.value.actions
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value.arns
      }

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [statement.value.via]
      }
    }
  }
}

resource "aws_kms_key" "this" {
  description             = var.description
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days
  policy                  = data.aws_iam_policy_document.this.json

  tags = { Name = var.name }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}
