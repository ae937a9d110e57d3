variable "system" {
  type        = string
  description = "Name of the system, as on dashboards and in alerts."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.system)) && !strcontains(var.system, "--")
    error_message = "system is 3 to 20 lowercase letters, digits and single -, begins with a letter and does not end with -."
  }
}

variable "env" {
  type        = string
  description = "Environment, such as dev or prod."
  default     = "prod"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,7}$", var.env))
    error_message = "env is 2 to 8 lowercase letters and digits, and begins with a letter."
  }
}

variable "fleet_file" {
  type        = string
  description = "YAML that names systems: `tasks` of each role by tier, and a list `systems`, each with name, team, region and tier, and with tasks of its own if need be. Null: team, region and tier are given."
  default     = null

  validation {
    condition     = var.fleet_file == null ? true : length([for system in try(yamldecode(file(var.fleet_file)).systems, []) : system if system.name == var.system && contains(["standard", "critical"], system.tier)]) == 1
    error_message = "fleet_file names the system exactly once, with the tier standard or critical."
  }
}

variable "team" {
  type        = string
  description = "Team that answers for the system and pays for it."
  default     = null

  validation {
    condition     = var.fleet_file == null ? try(length(var.team) > 0, false) : var.team == null
    error_message = "team is the name of a team; with fleet_file it comes from there."
  }
}

variable "region" {
  type        = string
  description = "Region of everything."
  default     = null

  validation {
    condition     = var.fleet_file == null ? can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region)) : var.region == null
    error_message = "region is a region of AWS, such as eu-west-1; with fleet_file it comes from there."
  }
}

variable "tier" {
  type        = string
  description = "`standard` promises 99.9 % in 30 days, `critical` 99.99 %: a database cluster, three tasks of each kind, three zones."
  default     = null

  validation {
    condition     = var.fleet_file == null ? try(contains(["standard", "critical"], var.tier), false) : var.tier == null
    error_message = "tier is standard or critical; with fleet_file it comes from there."
  }
}

variable "disposable" {
  type        = bool
  description = "Whether data may be lost and interruptions hurt nobody: allows one zone, one task, few backups, short logs, and deletion. For development only."
  default     = false
}

variable "image" {
  type        = string
  description = "Image of the server by digest, in a private registry of ECR. Later ones are rolled out by the deployment."

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image ends with a digest, never a tag."
  }
}

variable "topic" {
  type = object({
    key            = optional(list(string))
    time           = optional(string)
    unknown_fields = optional(string)
    columns = optional(list(object({
      name        = string
      type        = string
      coerce      = optional(string)
      time_format = optional(string)
      nul         = optional(string)
    })))
  })
  description = "How messages become rows: fields of the dedup key and of the event time, columns where they are declared (docs/configuration.md)."
  default     = {}

  validation {
    condition     = alltrue([for field in concat(coalesce(var.topic.key, []), compact([var.topic.time])) : startswith(field, "$.")])
    error_message = "topic.key and topic.time are fields of the message, such as $.id."
  }
}

variable "publisher_arns" {
  type        = set(string)
  description = "Roles or accounts outside this account that may publish. Identities of this account need only their own IAM policy."
  default     = []

  validation {
    condition     = alltrue([for arn in var.publisher_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(root|role/[^*]+)$", arn))])
    error_message = "publisher_arns are ARNs of accounts (…:root) or roles, without wildcards."
  }
}

variable "body_buckets" {
  type        = set(string)
  description = "Buckets that hold the bodies of large messages and nothing else (docs/configuration.md, bodies in S3): whoever may send to the queue may have any object of them stored as a row. Where they are encrypted with a key of yours, its policy has to let the role of the ingest tasks decrypt."
  default     = []

  validation {
    condition     = alltrue([for bucket in var.body_buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket))])
    error_message = "body_buckets are names of buckets, without wildcards."
  }
}

variable "domain_name" {
  type        = string
  description = "Name of the API, such as flights.example.org. In values that several systems share, *.example.org is the name of each below it."

  validation {
    condition     = can(regex("^(\\*|[a-z0-9]([a-z0-9-]*[a-z0-9])?)\\.([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z]{2,}$", var.domain_name))
    error_message = "domain_name is a full domain name in lowercase letters."
  }
}

variable "zone_id" {
  type        = string
  description = "Hosted zone of Route 53 that gets the record, and the proof for the certificate. Null: certificate_arn is given, and the record is made elsewhere."
  default     = null

  validation {
    condition     = var.zone_id == null || can(regex("^[A-Z0-9]{8,32}$", var.zone_id))
    error_message = "zone_id is the id of a hosted zone, such as Z0123456789."
  }
}

variable "certificate_arn" {
  type        = string
  description = "Certificate of the domain, if there is one already."
  default     = null

  validation {
    condition     = (var.certificate_arn == null) != (var.zone_id == null) && (var.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:", var.certificate_arn)))
    error_message = "Either certificate_arn, the ARN of a certificate, or zone_id is given."
  }
}

variable "client_cidrs" {
  type        = set(string)
  description = "IPv4 ranges of the clients of the API. The server knows no users yet, so that whole ranges of the internet are refused."

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for cidr in var.client_cidrs : can(cidrhost(cidr, 0)) && tonumber(split("/", cidr)[1]) >= 8])
    error_message = "client_cidrs names IPv4 ranges of /8 or smaller, never 0.0.0.0/0: whoever reaches the API reads its data."
  }
}

variable "edge" {
  type = object({
    # Whether only the VPC, and what is connected to it, reaches the load balancer.
    internal = optional(bool, false)
    # Whether POST /topics/… is let through. Without it messages arrive by the topic alone, whose publishers IAM knows.
    publish_over_http = optional(bool, false)
    # Of one address, above which it is refused.
    requests_per_5_minutes = optional(number, 30000)
  })
  description = "What the load balancer lets through."
  default     = {}

  validation {
    condition     = var.edge.requests_per_5_minutes >= 100 && var.edge.requests_per_5_minutes <= 2000000000
    error_message = "edge.requests_per_5_minutes is 100 to 2000000000."
  }
}

variable "alarm_emails" {
  type        = set(string)
  description = "Addresses that get the alarms of CloudWatch; each has to confirm once."
  default     = []

  validation {
    condition     = (var.disposable || length(var.alarm_emails) > 0) && alltrue([for address in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", address))])
    error_message = "alarm_emails are addresses such as on-call@example.org, at least one unless the system is disposable: an alarm that nobody gets is none."
  }
}

variable "network" {
  type = object({
    cidr         = optional(string, "10.20.0.0/16")
    zone_count   = optional(number, 3)
    egress_mode  = optional(string, "endpoints")
    nat_per_zone = optional(bool, true)
  })
  description = "The VPC of this system alone: its range, zones, and how tasks reach AWS. Unused with shared_network."
  default     = {}

  validation {
    condition     = can(cidrhost(var.network.cidr, 0))
    error_message = "network.cidr is an IPv4 range."
  }
}

variable "shared_network" {
  type = object({
    vpc_id             = string
    public_subnet_ids  = list(string)
    public_cidrs       = list(string)
    private_subnet_ids = list(string)
    data_subnet_ids    = list(string)
    egress             = object({ prefix_list_ids = map(string), security_group_ids = map(string), cidrs = map(string) })
  })
  description = "The network that systems of a region share, as `shared` made it. Null: a VPC of its own, of which an account has five in a region."
  default     = null

  validation {
    condition     = var.shared_network == null ? var.fleet_file == null : startswith(var.shared_network.vpc_id, "vpc-") && length(var.shared_network.private_subnet_ids) >= 2
    error_message = "shared_network is the output network of shared; systems of a fleet need one, since fifty VPCs are ten times what an account has."
  }
}

variable "database" {
  type = object({
    # single instance; multi-az instance with a standby (fails over in 60 to 120 s); cluster of a writer and two readable standbys (under 35 s); aurora.
    topology = optional(string)
    # Servers that only read: of an instance up to 15, each of its class; of Aurora one, where nothing else is said, which also takes over. A cluster has its two.
    read_replicas = optional(number)
    # What is read may have been committed so long ago; who is further behind is not read.
    max_lag_seconds = optional(number, 10)
    # Of Aurora: capacity units, where the class is db.serverless; storage without a price for each access (aurora-iopt1).
    capacity       = optional(object({ min = optional(number, 2), max = optional(number, 16) }), {})
    io_optimized   = optional(bool, false)
    instance_class = optional(string)
    # Major version; minor ones come by themselves in the maintenance window.
    engine_version        = optional(string, "17")
    allocated_storage_gib = optional(number, 50)
    # How far the storage of an instance grows by itself; a cluster has to be enlarged by hand.
    max_allocated_storage_gib = optional(number, 500)
    backup_retention_days     = optional(number, 14)
    # Database Insights: standard keeps seven days, advanced 465 days and more detail at a price for each vCPU.
    insights_mode = optional(string)
  })
  description = "The database. Topology, class and insights are what the tier needs, where they are not given."
  default     = {}

  validation {
    condition     = contains(["single", "multi-az", "cluster", "aurora"], coalesce(var.database.topology, "single")) && contains(["standard", "advanced"], coalesce(var.database.insights_mode, "standard"))
    error_message = "database.topology is single, multi-az, cluster or aurora, and database.insights_mode standard or advanced."
  }

  validation {
    condition     = contains(["15", "16", "17", "18"], var.database.engine_version) && can(regex("^db\\.([a-z0-9]+\\.[a-z0-9]+|serverless)$", coalesce(var.database.instance_class, "db.t4g.medium")))
    error_message = "database.engine_version is 15, 16, 17 or 18, what Escala is tested on; database.instance_class is a class such as db.t4g.medium."
  }

  validation {
    condition     = coalesce(var.database.topology, "single") == "aurora" ? can(regex("^db\\.(serverless$|r|x|t[34]g?\\.(medium|large)$)", coalesce(var.database.instance_class, "db.serverless"))) : var.database.instance_class != "db.serverless"
    error_message = "Aurora has classes of its own, db.serverless, db.r…, db.x… and small db.t…, of which others have no db.serverless."
  }

  validation {
    condition     = coalesce(var.database.read_replicas, 0) >= 0 && coalesce(var.database.read_replicas, 0) <= 15 && var.database.max_lag_seconds >= 2 && var.database.max_lag_seconds <= 60
    error_message = "database.read_replicas is 0 to 15, and database.max_lag_seconds 2 to 60."
  }

  validation {
    condition     = var.database.capacity.min >= 0.5 && var.database.capacity.max <= 256 && var.database.capacity.min <= var.database.capacity.max && alltrue([for units in var.database.capacity : units * 2 == floor(units * 2)])
    error_message = "database.capacity is 0.5 to 256 units in steps of a half: with 0 Aurora would wait for connections to end, which a server that watches never lets happen."
  }

  validation {
    condition     = var.database.allocated_storage_gib >= 20 && var.database.max_allocated_storage_gib >= var.database.allocated_storage_gib && var.database.max_allocated_storage_gib <= 65536
    error_message = "database.allocated_storage_gib is 20 or more, and database.max_allocated_storage_gib at least as much, to 65536."
  }

  validation {
    condition     = var.database.backup_retention_days >= 1 && var.database.backup_retention_days <= 35
    error_message = "database.backup_retention_days is 1 to 35: without backups there is no way back."
  }
}

variable "tasks" {
  type = object({
    # load: requests a minute that one task takes before another one is started.
    api = optional(object({ cpu = optional(number, 512), memory = optional(number, 1024), min = optional(number), max = optional(number, 10), load = optional(number, 30000) }), {})
    # load: messages that wait for each, acceptable latency (5 s) × what half a vCPU stores in a second (about 2,000).
    ingest = optional(object({ cpu = optional(number, 512), memory = optional(number, 1024), min = optional(number), max = optional(number, 10), load = optional(number, 10000) }), {})
  })
  description = "Size and number of the tasks that answer requests, and of those that store messages."
  default     = {}

  validation {
    condition     = alltrue([for tasks in var.tasks : contains([256, 512, 1024, 2048, 4096], tasks.cpu) && tasks.memory >= 512 && tasks.memory % 512 == 0 && coalesce(tasks.min, 1) >= 1 && tasks.load >= 1])
    error_message = "Of tasks, cpu is 256, 512, 1024, 2048 or 4096, memory a multiple of 512, min and load 1 or more."
  }
}

variable "collector" {
  type        = object({ image = string, workspace_arn = string, remote_write_url = string })
  description = "Image of the ADOT collector by digest, and the workspace of Amazon Managed Prometheus, as `shared` made it. Null, for a disposable system: metrics stay in the tasks."
  default     = null

  validation {
    condition     = var.collector == null ? var.disposable : can(regex("@sha256:[0-9a-f]{64}$", var.collector.image))
    error_message = "collector.image ends with a digest, never a tag; only a disposable system has none."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that logs are kept."
  default     = 365

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 400, 731], var.log_retention_days) && (var.disposable || var.log_retention_days >= 365)
    error_message = "log_retention_days is one of 7, 14, 30, 60, 90, 180, 365, 400, 731; only a disposable system may keep its logs for less than a year."
  }
}
