# The newest revision of the families of api and ingest is Terraform's: what is deployed is made from it and has the family …-deployed.
# prepare is run once before the first start: it makes the logins of the database, and alone gets the administrator's secret.
module "task" {
  source   = "../modules/task"
  for_each = merge(local.tasks, { prepare = { cpu = 256, memory = 512 } })

  name         = "${local.name}-${each.key}"
  image        = var.image
  command      = each.key == "prepare" ? ["prepare"] : ["serve", "--role", each.key]
  size         = { cpu = each.value.cpu, memory = each.value.memory }
  environment  = { ESCALA_CONFIG = yamlencode(local.escala) }
  log_group    = { name = aws_cloudwatch_log_group.this[each.key].name, arn = aws_cloudwatch_log_group.this[each.key].arn }
  ports        = each.key == "prepare" ? {} : { http = 8080, admin = 8081 }
  health_check = each.key != "prepare"
  collector    = one([for collector in var.collector[*] : merge(collector, { every = local.critical ? "10s" : "30s" }) if each.key != "prepare"])

  secret = each.key != "prepare" ? null : {
    arn       = local.master_secret_arn
    key_arn   = module.database_key.arn
    variables = { ESCALA_ADMIN_USER = "username", ESCALA_ADMIN_PASSWORD = "password" }
  }
}

# What the server itself may do.
data "aws_iam_policy_document" "task" {
  for_each = local.tasks

  statement {
    sid       = "LogInToTheDatabase"
    actions   = ["rds-db:connect"]
    resources = flatten([for login in local.logins_of[each.key] : [for prefix in login == local.logins.reader ? local.login_arn_prefixes : [local.login_arn_prefix] : "${prefix}${login}"]])
  }

  # Both ask what waits: ingest for its metrics, api to tell a late canary from a lost one.
  statement {
    sid       = "CountWhatWaits"
    actions   = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
    resources = [aws_sqs_queue.messages.arn, aws_sqs_queue.parked["dead-letter"].arn]
  }

  dynamic "statement" {
    for_each = each.key == "ingest" ? [1] : []

    content {
      sid       = "Receive"
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
      resources = [aws_sqs_queue.messages.arn]
    }
  }

  # Without the right to list, S3 does not tell what is gone from what may not be read.
  dynamic "statement" {
    for_each = each.key == "ingest" && length(var.body_buckets) > 0 ? { ReadBodies = ["s3:GetObject", "/*"], TellWhatIsGone = ["s3:ListBucket", ""] } : {}

    content {
      sid       = statement.key
      actions   = [statement.value[0]]
      resources = [for bucket in var.body_buckets : "${local.arn}:s3:::${bucket}${statement.value[1]}"]
    }
  }

  # Who answers requests publishes the canary and reads it back.
  dynamic "statement" {
    for_each = each.key == "api" ? [1] : []

    content {
      sid       = "PublishTheCanary"
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.messages.arn]
    }
  }

  statement {
    sid       = "UseTheKeyOfTheMessages"
    actions   = each.key == "api" ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"]
    resources = [module.messages_key.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [each.key == "api" ? "sns.${local.region}.amazonaws.com" : "sqs.${local.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "task" {
  for_each = local.tasks

  name   = "work"
  role   = module.task[each.key].role_name
  policy = data.aws_iam_policy_document.task[each.key].json
}
