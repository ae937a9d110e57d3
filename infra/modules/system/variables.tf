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

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,7}$", var.env))
    error_message = "env is 2 to 8 lowercase letters and digits, and begins with a letter."
  }
}

variable "tier" {
  type        = string
  description = "`standard` promises 99.9 % in 30 days, `critical` 99.99 %: a database cluster, three tasks of each kind, three zones."
  default     = "standard"

  validation {
    condition     = contains(["standard", "critical"], var.tier)
    error_message = "tier is standard or critical."
  }
}

variable "disposable" {
  type        = bool
  description = "Whether data may be lost and interruptions hurt nobody. For development only."
  default     = false
}

variable "image" {
  type        = string
  description = "Image of the server by digest, in a private registry of ECR."

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

variable "domain_name" {
  type        = string
  description = "Name of the API, such as flights.example.org."

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name is a full domain name in lowercase letters."
  }
}

variable "zone_id" {
  type        = string
  description = "Hosted zone of Route 53 for record and certificate; null where certificate_arn is given."
  default     = null

  validation {
    condition     = (var.zone_id == null) != (var.certificate_arn == null)
    error_message = "Either zone_id or certificate_arn is given."
  }
}

variable "certificate_arn" {
  type        = string
  description = "Certificate of the domain, if there is one already."
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:", var.certificate_arn))
    error_message = "certificate_arn is the ARN of a certificate."
  }
}

variable "client_cidrs" {
  type        = set(string)
  description = "IPv4 ranges of the clients of the API."

  validation {
    condition     = length(var.client_cidrs) > 0
    error_message = "client_cidrs names at least one range."
  }
}

variable "publisher_arns" {
  type        = set(string)
  description = "Roles or accounts outside this account that may publish to the topic."
  default     = []

  validation {
    condition     = !contains(var.publisher_arns, "*")
    error_message = "publisher_arns never contains *."
  }
}

variable "alarm_emails" {
  type        = set(string)
  description = "Addresses that get the alarms of CloudWatch."
  default     = []

  validation {
    condition     = alltrue([for address in var.alarm_emails : strcontains(address, "@")])
    error_message = "alarm_emails are addresses such as on-call@example.org."
  }
}

variable "network" {
  type = object({
    cidr         = optional(string, "10.20.0.0/16")
    zone_count   = optional(number, 3)
    egress_mode  = optional(string, "endpoints")
    nat_per_zone = optional(bool, true)
  })
  description = "The VPC: its range, zones, and how tasks reach AWS."
  default     = {}

  validation {
    condition     = can(cidrhost(var.network.cidr, 0))
    error_message = "network.cidr is an IPv4 range."
  }
}

variable "database" {
  type = object({
    topology                  = optional(string, "multi-az")
    engine_version            = optional(string, "17")
    instance_class            = optional(string, "db.t4g.medium")
    allocated_storage_gib     = optional(number, 50)
    max_allocated_storage_gib = optional(number, 500)
    backup_retention_days     = optional(number, 14)
    insights_mode             = optional(string, "standard")
  })
  description = "The database."
  default     = {}

  validation {
    condition     = var.tier != "critical" || var.database.topology == "cluster"
    error_message = "Tier critical (99.99 %) needs database.topology cluster."
  }
}

variable "api" {
  type = object({
    cpu               = optional(number, 512)
    memory            = optional(number, 1024)
    min_tasks         = optional(number, 2)
    max_tasks         = optional(number, 10)
    requests_per_task = optional(number, 30000)
  })
  description = "Tasks that answer requests."
  default     = {}

  validation {
    condition     = var.api.max_tasks >= var.api.min_tasks
    error_message = "api.max_tasks is at least api.min_tasks."
  }
}

variable "ingest" {
  type = object({
    cpu              = optional(number, 512)
    memory           = optional(number, 1024)
    min_tasks        = optional(number, 2)
    max_tasks        = optional(number, 10)
    backlog_per_task = optional(number, 10000)
  })
  description = "Tasks that store messages."
  default     = {}

  validation {
    condition     = var.ingest.max_tasks >= var.ingest.min_tasks
    error_message = "ingest.max_tasks is at least ingest.min_tasks."
  }
}

variable "collector" {
  type = object({
    image            = string
    workspace_arn    = string
    remote_write_url = string
  })
  description = "Collector and workspace of Amazon Managed Prometheus; null: metrics stay in the tasks."
  default     = null

  validation {
    condition     = var.collector == null || can(regex("@sha256:[0-9a-f]{64}$", var.collector.image))
    error_message = "collector.image ends with a digest, never a tag."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that logs are kept."
  default     = 365

  validation {
    condition     = var.disposable || var.log_retention_days >= 365
    error_message = "Only a disposable system may keep its logs for less than a year."
  }
}

variable "create_autoscaling" {
  type        = bool
  description = "Whether the number of tasks follows the load."
  default     = true
}
