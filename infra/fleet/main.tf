locals {
  system = one([for system in yamldecode(file(var.fleet_file)).systems : system if system.name == var.system])

  # A system of the fleet is small until it says otherwise; the tier decides on what must not be saved.
  sizes = {
    standard = {
      database = { topology = "multi-az", instance_class = "db.t4g.medium", insights_mode = "standard" }
      tasks    = 2
    }
    critical = {
      database = { topology = "cluster", instance_class = "db.m6gd.large", insights_mode = "advanced" }
      tasks    = 3
    }
  }
  size = local.sizes[local.system.tier]
}

module "system" {
  source = "../modules/system"

  system       = local.system.name
  env          = "prod"
  tier         = local.system.tier
  image        = var.image
  domain_name  = "${local.system.name}.${var.domain}"
  zone_id      = var.zone_id
  client_cidrs = var.client_cidrs
  alarm_emails = var.alarm_emails
  collector    = var.collector
  database     = local.size.database
  network      = { egress_mode = "nat" }
  api          = { min_tasks = local.size.tasks }
  ingest       = { min_tasks = local.size.tasks }
}
