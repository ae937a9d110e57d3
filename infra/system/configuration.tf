# The escala.yaml of the tasks. It has no secret in it: the logins are IAM's.
locals {
  ca_path = "/opt/escala/rds-ca.pem"
  # The first owns the tables, the second reads them, the third answers requests and makes nothing. Who may be published to over HTTP is the first.
  logins = { owner = "escala_owner", reader = "escala_read", api = "escala_serve" }
  logins_of = {
    api    = [var.edge.publish_over_http ? local.logins.owner : local.logins.api, local.logins.reader]
    ingest = [local.logins.owner, local.logins.reader]
  }

  # The image brings the certificates of RDS, so that the server knows whom it talks to; IAM tells RDS who the server is.
  access = "sslmode=verify-full&sslrootcert=${local.ca_path}&login=aws-iam"

  column = {
    for column in coalesce(var.topic.columns, []) : column.name => {
      for key, value in { name = column.name, type = column.type, coerce = column.coerce, "time-format" = column.time_format, nul = column.nul } :
      key => value if value != null
    }
  }

  topic_settings = {
    for key, value in {
      table            = "${local.topic}.${local.topic}"
      canary           = aws_sns_topic.messages.arn
      key              = var.topic.key
      time             = var.topic.time
      "unknown-fields" = var.topic.unknown_fields
      columns          = var.topic.columns == null ? null : [for column in var.topic.columns : local.column[column.name]]
    } : key => value if value != null
  }

  escala = {
    # Only the networks of client_cidrs reach the load balancer, and only it reaches the tasks: who may ask is decided there. A system
    # whose callers are told apart has jwt here (docs/authentication.md).
    auth = "none"
    # Without it all clients of the load balancer would be one, with one share.
    http = { trusted-proxies = local.network.public_cidrs }
    databases = {
      (local.topic) = { for key, value in {
        url        = "postgresql://${local.logins.owner}@${local.database_host.write}:5432/${local.topic}?${local.access}"
        "read-url" = "postgresql://${local.logins.reader}@${join(",", [for host in local.database_host.read : "${host}:5432"])}/${local.topic}?${local.access}"
        "max-lag"  = local.read_by_choice ? "${var.database.max_lag_seconds}s" : null
        "api-url"  = var.edge.publish_over_http ? null : "postgresql://${local.logins.api}@${local.database_host.write}:5432/${local.topic}?${local.access}"
      } : key => value if value != null }
    }
    topics = { (local.topic) = local.topic_settings }
    sources = [{
      sqs = {
        for key, value in {
          queue  = aws_sqs_queue.messages.id
          region = local.region
          topic  = local.topic
          format = "sns"
          s3     = length(var.body_buckets) == 0 ? null : { buckets = tolist(var.body_buckets) }
        } : key => value if value != null
      }
    }]
    log    = { format = "json" }
    system = { name = var.system, env = var.env, tier = local.labels.tier, region = local.region }
  }
}
