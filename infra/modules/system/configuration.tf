# The escala.yaml of the tasks. It has no secret in it: the logins are IAM's.
locals {
  ca_path = "/opt/escala/rds-ca.pem"
  logins  = { owner = "escala_owner", reader = "escala_read" }

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
      canary           = module.messaging.topic_arn
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
    http = { trusted-proxies = module.network.public_cidrs }
    databases = {
      (local.topic) = {
        url        = "postgresql://${local.logins.owner}@${module.database.host}:${module.database.port}/${module.database.database_name}?${local.access}"
        "read-url" = "postgresql://${local.logins.reader}@${module.database.reader_host}:${module.database.port}/${module.database.database_name}?${local.access}"
      }
    }
    topics = { (local.topic) = local.topic_settings }
    sources = [{
      sqs = {
        queue  = module.messaging.queue_url
        region = data.aws_region.current.name
        topic  = local.topic
        format = "sns"
      }
    }]
    log    = { format = "json" }
    system = { name = var.system, env = var.env, tier = var.tier, region = data.aws_region.current.name }
  }
}
