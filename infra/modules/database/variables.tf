variable "name" {
  type        = string
  description = "Identifier of the database, and prefix of all other names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,27}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name is 3 to 29 lowercase letters, digits and single -, begins with a letter and does not end with -."
  }
}

variable "tier" {
  type        = string
  description = "`standard` promises 99.9 % in 30 days, `critical` 99.99 %."
  default     = "standard"

  validation {
    condition     = contains(["standard", "critical"], var.tier)
    error_message = "tier is standard or critical."
  }
}

variable "disposable" {
  type        = bool
  description = "Whether the data may be lost: allows one zone, few backups and deletion. For development only."
  default     = false
}

variable "topology" {
  type        = string
  description = "`single` instance; `multi-az` instance with a standby (fails over in 60 to 120 s); `cluster` of a writer and two readable standbys (under 35 s)."
  default     = "multi-az"

  validation {
    condition     = contains(["single", "multi-az", "cluster"], var.topology)
    error_message = "topology is single, multi-az or cluster."
  }
}

variable "engine_version" {
  type        = string
  description = "Major version of PostgreSQL; minor ones come by themselves in the maintenance window."
  default     = "17"

  validation {
    condition     = contains(["15", "16", "17", "18"], var.engine_version)
    error_message = "engine_version is 15, 16, 17 or 18: what Escala is tested on."
  }
}

variable "instance_class" {
  type        = string
  description = "Class of each instance. Clusters have classes of their own, such as db.m6gd.large."
  default     = "db.t4g.medium"

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.instance_class))
    error_message = "instance_class is a class such as db.t4g.medium."
  }
}

variable "allocated_storage_gib" {
  type        = number
  description = "Storage at the start, in GiB."
  default     = 50

  validation {
    condition     = var.allocated_storage_gib >= 20 && var.allocated_storage_gib <= 65536
    error_message = "allocated_storage_gib is 20 to 65536."
  }
}

variable "max_allocated_storage_gib" {
  type        = number
  description = "How far the storage of an instance grows by itself, in GiB; a cluster has to be enlarged by hand."
  default     = 500

  validation {
    condition     = var.max_allocated_storage_gib >= var.allocated_storage_gib
    error_message = "max_allocated_storage_gib is at least allocated_storage_gib."
  }
}

variable "database_name" {
  type        = string
  description = "Name of the database, which is also its path in the API."

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database_name)) && !contains(["ping", "health", "topics", "console", "assets", "postgres"], var.database_name)
    error_message = "database_name is 1 to 63 lowercase letters, digits and _, begins with a letter, and is not a path of the server (ping, health, topics, console, assets) nor postgres."
  }
}

variable "vpc_id" {
  type        = string
  description = "The VPC."

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id is the id of a VPC."
  }
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets without a route to the internet, each in a zone of its own."

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids names two subnets or more."
  }
}

variable "client_security_group_ids" {
  type        = map(string)
  description = "Security groups that may connect, by a name of the client."

  validation {
    condition     = length(var.client_security_group_ids) > 0
    error_message = "client_security_group_ids names at least one client."
  }
}

variable "log_key_arn" {
  type        = string
  description = "KMS key of the logs; its policy lets CloudWatch Logs use it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.log_key_arn))
    error_message = "log_key_arn is the ARN of a KMS key."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that the logs of PostgreSQL are kept."
  default     = 365

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 400, 731], var.log_retention_days)
    error_message = "log_retention_days is one of 7, 14, 30, 60, 90, 180, 365, 400, 731."
  }
}

variable "backup_retention_days" {
  type        = number
  description = "Days that can be gone back to, to the second."
  default     = 14

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "backup_retention_days is 1 to 35: without backups there is no way back."
  }
}

variable "monitoring_interval_seconds" {
  type        = number
  description = "How often the operating system is looked at."
  default     = 60

  validation {
    condition     = contains([15, 30, 60], var.monitoring_interval_seconds)
    error_message = "monitoring_interval_seconds is 15, 30 or 60."
  }
}

variable "insights_mode" {
  type        = string
  description = "Database Insights: `standard` keeps seven days, `advanced` 465 days and more detail at a price for each vCPU."
  default     = "standard"

  validation {
    condition     = contains(["standard", "advanced"], var.insights_mode)
    error_message = "insights_mode is standard or advanced."
  }
}

variable "key_deletion_window_days" {
  type        = number
  description = "Days between the deletion of the key and the end of all that it encrypts, backups included."
  default     = 30

  validation {
    condition     = var.key_deletion_window_days >= 7 && var.key_deletion_window_days <= 30
    error_message = "key_deletion_window_days is 7 to 30."
  }
}
