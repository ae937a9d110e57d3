# As cheap as it gets without another shape than prod: one task of each kind, one zone's database, one NAT gateway.
module "system" {
  source = "../../modules/system"

  system       = var.system
  env          = "dev"
  tier         = "standard"
  disposable   = true
  image        = var.image
  domain_name  = var.domain_name
  zone_id      = var.zone_id
  client_cidrs = var.client_cidrs
  alarm_emails = var.alarm_emails
  collector    = var.collector

  topic = {
    key  = ["$.flight_id"]
    time = "$.scheduled_at"
  }

  network = {
    zone_count   = 2
    egress_mode  = "nat"
    nat_per_zone = false
  }

  database = {
    topology                  = "single"
    instance_class            = "db.t4g.micro"
    allocated_storage_gib     = 20
    max_allocated_storage_gib = 50
    backup_retention_days     = 1
  }

  api    = { cpu = 256, memory = 512, min_tasks = 1, max_tasks = 2 }
  ingest = { cpu = 256, memory = 512, min_tasks = 1, max_tasks = 2 }

  log_retention_days = 14
}
