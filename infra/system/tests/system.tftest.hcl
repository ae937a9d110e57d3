mock_provider "aws" {
  source          = "../modules/testing"
  override_during = plan
}

run "the_configuration_of_the_tasks" {
  command = plan

  variables {
    topic = {
      key     = ["$.order_id"]
      time    = "$.at"
      columns = [{ name = "order_id", type = "text" }, { name = "at", type = "timestamptz", time_format = "epoch-ms" }]
    }
  }

  assert {
    condition     = yamldecode(output.configuration).topics.orders == { table = "orders.orders", canary = output.topic_arn, key = ["$.order_id"], time = "$.at", columns = [{ name = "order_id", type = "text" }, { name = "at", type = "timestamptz", "time-format" = "epoch-ms" }] }
    error_message = "The topic is configured as asked for, its canary is sent to the topic itself, and what was left out stays out."
  }

  assert {
    condition     = yamldecode(output.configuration).sources == [{ sqs = { queue = output.queue_url, region = "eu-west-1", topic = "orders", format = "sns" } }] && length(yamldecode(output.configuration).http["trusted-proxies"]) == 3
    error_message = "The server receives from the queue behind the topic, and trusts the subnets of the load balancer to name the client."
  }

  assert {
    condition     = alltrue([for key in ["url", "read-url", "api-url"] : strcontains(yamldecode(output.configuration).databases.orders[key], "?sslmode=verify-full&") && endswith(yamldecode(output.configuration).databases.orders[key], "&login=aws-iam")])
    error_message = "It logs in by IAM, and checks whom it talks to."
  }

  assert {
    condition     = output.rows_url == "https://orders.example.org/orders/orders"
    error_message = "The rows have an address."
  }
}

run "bodies_of_large_messages" {
  command = plan

  variables {
    body_buckets = ["orders-bodies"]
  }

  assert {
    condition     = yamldecode(output.configuration).sources[0].sqs.s3 == { buckets = ["orders-bodies"] }
    error_message = "The server reads the bodies that messages point to."
  }

  assert {
    condition     = { for role, document in data.aws_iam_policy_document.task : role => toset(flatten([for statement in document.statement : statement.resources if anytrue([for action in statement.actions : startswith(action, "s3:")])])) } == { api = toset([]), ingest = toset(["arn:aws:s3:::orders-bodies", "arn:aws:s3:::orders-bodies/*"]) }
    error_message = "Ingest alone may."
  }
}

run "one_system_of_a_fleet_in_a_network_that_others_use_too" {
  command = plan

  variables {
    fleet_file  = "./tests/fleet.yaml"
    system      = "crew"
    team        = null
    region      = null
    tier        = null
    domain_name = "*.flights.example.org"
    shared_network = {
      vpc_id             = "vpc-shared"
      public_subnet_ids  = ["subnet-1", "subnet-2", "subnet-3"]
      public_cidrs       = ["10.20.64.0/20", "10.20.80.0/20", "10.20.96.0/20"]
      private_subnet_ids = ["subnet-4", "subnet-5", "subnet-6"]
      data_subnet_ids    = ["subnet-7", "subnet-8", "subnet-9"]
      egress             = { prefix_list_ids = { s3 = "pl-1" }, security_group_ids = {}, cidrs = { internet = "0.0.0.0/0" } }
    }
  }

  assert {
    condition     = local.labels == { team = "operations", region = "eu-central-1", tier = "critical" } && output.url == "https://crew.flights.example.org" && yamldecode(output.configuration).system.tier == "critical"
    error_message = "Team, region and tier come from the file, the name of the system stands before the domain."
  }

  assert {
    condition     = aws_ecs_service.this["api"].desired_count == 3 && aws_ecs_service.this["ingest"].desired_count == 4
    error_message = "There are as many tasks as the monitoring expects: the file says so, for a tier or for a system."
  }

  assert {
    condition     = !contains(output.database.reader_hosts, output.database.host) && !contains(keys(yamldecode(output.configuration).databases.crew), "max-lag") && strcontains(yamldecode(output.configuration).databases.crew["read-url"], "cluster-ro-")
    error_message = "A critical system has a cluster, and its reads go to the standbys."
  }

  assert {
    condition     = length(module.network) == 0 && output.deployment.subnets == tolist(["subnet-4", "subnet-5", "subnet-6"]) && yamldecode(output.configuration).http["trusted-proxies"] == ["10.20.64.0/20", "10.20.80.0/20", "10.20.96.0/20"]
    error_message = "It makes no VPC, of which an account has five in a region, and trusts the load balancers of the shared one."
  }
}

run "a_disposable_one" {
  command = plan

  variables {
    disposable         = true
    alarm_emails       = []
    collector          = null
    log_retention_days = 14
    database           = { topology = "single", backup_retention_days = 1 }
    tasks              = { api = { min = 1 }, ingest = { min = 1 } }
  }

  assert {
    condition     = !aws_db_instance.this[0].multi_az && !aws_db_instance.this[0].deletion_protection && aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].storage_encrypted && aws_ecs_service.this["api"].desired_count == 1
    error_message = "It is cheap and leaves nothing behind, but is encrypted all the same."
  }
}

run "refuses_to_last_in_one_place" {
  command = plan

  variables {
    database = { topology = "single", backup_retention_days = 3 }
    tasks    = { api = { min = 1 } }
  }

  expect_failures = [terraform_data.promise]
}

run "refuses_a_critical_system_without_a_cluster" {
  command = plan

  variables {
    tier     = "critical"
    database = { topology = "multi-az" }
    tasks    = { api = { min = 2 } }
  }

  assert {
    condition     = length(local.violations) == 2
    error_message = "It needs the cluster, and three tasks."
  }

  expect_failures = [terraform_data.promise]
}

run "refuses_a_cluster_in_two_zones_and_what_is_critical_for_the_bin" {
  command = plan

  variables {
    tier       = "critical"
    disposable = true
    network    = { zone_count = 2 }
    tasks      = { ingest = { max = 2 } }
  }

  assert {
    condition     = length(local.violations) == 4
    error_message = "Two zones are too few for tasks and for a cluster, it is not disposable, and two are fewer than three."
  }

  expect_failures = [terraform_data.promise]
}

run "refuses_a_system_that_the_file_does_not_name" {
  command = plan

  variables {
    fleet_file = "./tests/fleet.yaml"
    system     = "nobody"
  }

  expect_failures = [var.fleet_file]
}

run "refuses_labels_beside_the_file_and_a_network_for_each" {
  command = plan

  variables {
    fleet_file = "./tests/fleet.yaml"
  }

  expect_failures = [var.team, var.region, var.tier, var.shared_network]
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    env                = "production"
    team               = ""
    region             = "somewhere"
    tier               = "gold"
    image              = "escala:latest"
    topic              = { key = ["order_id"] }
    publisher_arns     = ["*"]
    body_buckets       = ["*"]
    domain_name        = "orders"
    certificate_arn    = "certificate"
    client_cidrs       = ["0.0.0.0/0"]
    edge               = { requests_per_5_minutes = 10 }
    alarm_emails       = []
    network            = { cidr = "everywhere" }
    shared_network     = { vpc_id = "ours", public_subnet_ids = [], public_cidrs = [], private_subnet_ids = [], data_subnet_ids = [], egress = { prefix_list_ids = {}, security_group_ids = {}, cidrs = {} } }
    database           = { topology = "limitless" }
    tasks              = { api = { cpu = 300 } }
    collector          = null
    log_retention_days = 30
  }

  expect_failures = [
    var.env, var.team, var.region, var.tier, var.image, var.topic, var.publisher_arns, var.body_buckets, var.domain_name, var.certificate_arn, var.client_cidrs,
    var.edge, var.alarm_emails, var.network, var.shared_network, var.database, var.tasks, var.collector, var.log_retention_days,
  ]
}

run "refuses_other_names_and_databases" {
  command = plan

  variables {
    system   = "orders--prod"
    zone_id  = "example.org"
    database = { engine_version = "14", allocated_storage_gib = 100, max_allocated_storage_gib = 50, backup_retention_days = 0 }
  }

  expect_failures = [var.system, var.zone_id, var.database]
}
