data "aws_region" "current" {}

locals {
  name                     = "${var.system}-${var.env}"
  topic                    = replace(var.system, "-", "_")
  key_deletion_window_days = var.disposable ? 7 : 30
}

module "network" {
  source = "../network"

  name                    = local.name
  cidr                    = var.network.cidr
  zone_count              = var.network.zone_count
  egress_mode             = var.network.egress_mode
  nat_per_zone            = var.network.nat_per_zone
  flow_log_retention_days = var.log_retention_days
  log_key_arn             = module.observability.key_arn
}

module "messaging" {
  source = "../messaging"

  name                     = local.name
  publisher_arns           = var.publisher_arns
  key_deletion_window_days = local.key_deletion_window_days
}

module "database" {
  source = "../database"

  name                      = local.name
  tier                      = var.tier
  disposable                = var.disposable
  topology                  = var.database.topology
  engine_version            = var.database.engine_version
  instance_class            = var.database.instance_class
  allocated_storage_gib     = var.database.allocated_storage_gib
  max_allocated_storage_gib = var.database.max_allocated_storage_gib
  backup_retention_days     = var.database.backup_retention_days
  insights_mode             = var.database.insights_mode
  database_name             = local.topic
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.data_subnet_ids
  client_security_group_ids = module.service.task_security_group_ids
  log_key_arn               = module.observability.key_arn
  log_retention_days        = var.log_retention_days
  key_deletion_window_days  = local.key_deletion_window_days
}

module "edge" {
  source = "../edge"

  name                      = local.name
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.public_subnet_ids
  client_cidrs              = var.client_cidrs
  domain_name               = var.domain_name
  zone_id                   = var.zone_id
  certificate_arn           = var.certificate_arn
  deletion_protection       = !var.disposable
  force_destroy_logs        = var.disposable
  access_log_retention_days = var.log_retention_days
  log_retention_days        = var.log_retention_days
  log_key_arn               = module.observability.key_arn
}

module "observability" {
  source = "../observability"

  name                     = local.name
  log_retention_days       = var.log_retention_days
  key_deletion_window_days = local.key_deletion_window_days
  alarm_emails             = var.alarm_emails
  load_balancer            = module.edge.dimensions
  queue_names              = module.messaging.queue_names
  topic_name               = module.messaging.topic_name
  database                 = module.database.dimension
}

module "service" {
  source = "../service"

  name               = local.name
  tier               = var.tier
  disposable         = var.disposable
  image              = var.image
  configuration      = yamlencode(local.escala)
  api                = var.api
  ingest             = var.ingest
  collector          = var.collector
  create_autoscaling = var.create_autoscaling
  vpc_id             = module.network.vpc_id
  subnet_ids         = module.network.private_subnet_ids
  egress             = module.network.egress
  logins             = local.logins

  edge = {
    security_group_id = module.edge.security_group_id
    target_group_arn  = module.edge.target_group_arn
    dimensions        = module.edge.dimensions
  }

  database = {
    security_group_id = module.database.security_group_id
    login_arn_prefix  = module.database.login_arn_prefix
    master_secret_arn = module.database.master_secret_arn
    key_arn           = module.database.key_arn
  }

  messaging = {
    topic_arn             = module.messaging.topic_arn
    queue_arn             = module.messaging.queue_arn
    queue_name            = module.messaging.queue_names.queue
    dead_letter_queue_arn = module.messaging.dead_letter_queue_arn
    key_arn               = module.messaging.key_arn
  }

  observability = {
    key_arn        = module.observability.key_arn
    log_groups     = module.observability.log_groups
    log_group_arns = module.observability.log_group_arns
    exec_log_group = module.observability.exec_log_group
    alarms         = module.observability.deployment_alarm_names
  }
}
