# As cheap as it gets without another shape than prod: one task of each kind, one zone's database, one NAT gateway.
system     = "flights"
env        = "dev"
team       = "flight-data"
region     = "eu-west-1"
tier       = "standard"
disposable = true

image        = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
domain_name  = "flights-dev.example.org"
zone_id      = "Z0123456789ABCDEFGHIJ"
client_cidrs = ["198.51.100.0/24"]

topic = { key = ["$.flight_id"], time = "$.scheduled_at" }

network            = { zone_count = 2, egress_mode = "nat", nat_per_zone = false }
database           = { topology = "single", instance_class = "db.t4g.micro", allocated_storage_gib = 20, max_allocated_storage_gib = 50, backup_retention_days = 1 }
tasks              = { api = { cpu = 256, memory = 512, min = 1, max = 2 }, ingest = { cpu = 256, memory = 512, min = 1, max = 2 } }
log_retention_days = 14
