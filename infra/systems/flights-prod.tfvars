# One that is to last.
system = "flights"
env    = "prod"
team   = "flight-data"
region = "eu-west-1"
tier   = "standard"

image        = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
domain_name  = "flights.example.org"
zone_id      = "Z0123456789ABCDEFGHIJ"
client_cidrs = ["198.51.100.0/24"]
alarm_emails = ["on-call@example.org"]

# The output collector of shared, and the mirrored image.
collector = {
  image            = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala-collector@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  workspace_arn    = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-1"
  remote_write_url = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write"
}

topic = { key = ["$.flight_id"], time = "$.scheduled_at" }

database = { instance_class = "db.m7g.large", allocated_storage_gib = 100, max_allocated_storage_gib = 1000 }
tasks    = { api = { cpu = 1024, memory = 2048, max = 12 }, ingest = { cpu = 1024, memory = 2048, max = 12 } }
