mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

variables {
  system       = "orders"
  env          = "prod"
  image        = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  domain_name  = "orders.example.org"
  zone_id      = "Z0123456789ABCDEFGHIJ"
  client_cidrs = ["198.51.100.0/24"]
  topic = {
    key  = ["$.order_id"]
    time = "$.at"
    columns = [
      { name = "order_id", type = "text" },
      { name = "at", type = "timestamptz", time_format = "epoch-ms" },
    ]
  }
}

run "the_configuration_of_the_tasks" {
  command = plan

  assert {
    condition     = yamldecode(output.configuration).topics.orders == { table = "orders.orders", canary = output.topic_arn, key = ["$.order_id"], time = "$.at", columns = [{ name = "order_id", type = "text" }, { name = "at", type = "timestamptz", "time-format" = "epoch-ms" }] }
    error_message = "The topic is configured as asked for, its canary is sent to the topic itself, and what was left out stays out."
  }

  assert {
    condition     = yamldecode(output.configuration).sources[0].sqs.queue == output.queue_url && yamldecode(output.configuration).sources[0].sqs.format == "sns"
    error_message = "The server receives from the queue behind the topic."
  }

  assert {
    condition     = length(yamldecode(output.configuration).http["trusted-proxies"]) == 3
    error_message = "The subnets of the load balancer, one in each zone, are trusted to name the client."
  }

  assert {
    condition     = alltrue([for key in ["url", "read-url"] : strcontains(yamldecode(output.configuration).databases.orders[key], "?sslmode=verify-full&") && endswith(yamldecode(output.configuration).databases.orders[key], "&login=aws-iam")])
    error_message = "It logs in by IAM, and checks whom it talks to."
  }

  assert {
    condition     = output.rows_url == "https://orders.example.org/orders/orders"
    error_message = "The rows have an address."
  }
}

run "a_critical_system" {
  command = plan

  variables {
    tier     = "critical"
    database = { topology = "cluster", instance_class = "db.m6gd.large" }
    api      = { min_tasks = 3 }
    ingest   = { min_tasks = 3 }
  }

  assert {
    condition     = yamldecode(output.configuration).databases.orders.url != yamldecode(output.configuration).databases.orders["read-url"] && strcontains(yamldecode(output.configuration).databases.orders["read-url"], "cluster-ro-")
    error_message = "Reads go to the standbys of the cluster."
  }
}

run "refuses_a_critical_system_without_a_cluster_and_a_domain_without_a_zone" {
  command = plan

  variables {
    tier    = "critical"
    zone_id = null
  }

  expect_failures = [var.database, var.zone_id]
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    system             = "orders--prod"
    env                = "production"
    tier               = "gold"
    image              = "escala:latest"
    topic              = { key = ["order_id"] }
    domain_name        = "orders"
    certificate_arn    = "certificate"
    client_cidrs       = []
    publisher_arns     = ["*"]
    alarm_emails       = ["nobody"]
    network            = { cidr = "everywhere" }
    api                = { min_tasks = 3, max_tasks = 2 }
    ingest             = { min_tasks = 3, max_tasks = 2 }
    collector          = { image = "collector:latest", workspace_arn = "ws", remote_write_url = "https://elsewhere" }
    log_retention_days = 30
  }

  expect_failures = [
    var.system,
    var.env,
    var.tier,
    var.image,
    var.topic,
    var.domain_name,
    var.certificate_arn,
    var.client_cidrs,
    var.publisher_arns,
    var.alarm_emails,
    var.network,
    var.api,
    var.ingest,
    var.collector,
    var.log_retention_days,
  ]
}
