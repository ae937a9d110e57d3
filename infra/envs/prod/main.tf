locals {
  # What each tier needs to keep its promise; the modules refuse less.
  sizes = {
    standard = {
      database = { topology = "multi-az", instance_class = "db.m7g.large", insights_mode = "standard" }
      tasks    = 2
    }
    critical = {
      database = { topology = "cluster", instance_class = "db.m6gd.large", insights_mode = "advanced" }
      tasks    = 3
    }
  }
  size = local.sizes[var.tier]
}

module "system" {
  source = "../../modules/system"

  system         = var.system
  env            = "prod"
  tier           = var.tier
  image          = var.image
  domain_name    = var.domain_name
  zone_id        = var.zone_id
  client_cidrs   = var.client_cidrs
  publisher_arns = var.publisher_arns
  alarm_emails   = var.alarm_emails
  collector      = var.collector

  topic = {
    key  = ["$.flight_id"]
    time = "$.scheduled_at"
  }

  network = {
    zone_count  = 3
    egress_mode = "endpoints"
  }

  database = merge(local.size.database, {
    allocated_storage_gib     = 100
    max_allocated_storage_gib = 1000
    backup_retention_days     = 14
  })

  api    = { cpu = 1024, memory = 2048, min_tasks = local.size.tasks, max_tasks = 12 }
  ingest = { cpu = 1024, memory = 2048, min_tasks = local.size.tasks, max_tasks = 12 }
}
