variable "name" {
  type        = string
  description = "Prefix of all names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,27}[a-z0-9]$", var.name))
    error_message = "name is 3 to 29 lowercase letters, digits and -, begins with a letter and does not end with -."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that logs are kept."
  default     = 365

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 400, 731], var.log_retention_days)
    error_message = "log_retention_days is one of 7, 14, 30, 60, 90, 180, 365, 400, 731."
  }
}

variable "key_deletion_window_days" {
  type        = number
  description = "Days between the deletion of the key and the end of all that it encrypts."
  default     = 30

  validation {
    condition     = var.key_deletion_window_days >= 7 && var.key_deletion_window_days <= 30
    error_message = "key_deletion_window_days is 7 to 30."
  }
}

variable "alarm_emails" {
  type        = set(string)
  description = "Addresses that get the alarms; each has to confirm once."
  default     = []

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", address))])
    error_message = "alarm_emails are addresses such as on-call@example.org."
  }
}

variable "load_balancer" {
  type = object({
    LoadBalancer = string
    TargetGroup  = string
  })
  description = "Dimensions of the load balancer's metrics."

  validation {
    condition     = startswith(var.load_balancer.LoadBalancer, "app/") && startswith(var.load_balancer.TargetGroup, "targetgroup/")
    error_message = "load_balancer names app/… and targetgroup/…, the ends of their ARNs."
  }
}

variable "queue_names" {
  type = object({
    queue       = string
    dead_letter = string
    undelivered = string
  })
  description = "Names of the queues."

  validation {
    condition     = length(distinct(values(var.queue_names))) == 3
    error_message = "queue_names are three different queues."
  }
}

variable "topic_name" {
  type        = string
  description = "Name of the SNS topic."

  validation {
    condition     = length(var.topic_name) > 0
    error_message = "topic_name is the name of a topic."
  }
}

variable "database" {
  type        = map(string)
  description = "Dimension of the database's metrics: DBInstanceIdentifier or DBClusterIdentifier."

  validation {
    condition     = length(var.database) == 1 && length(setsubtract(keys(var.database), ["DBInstanceIdentifier", "DBClusterIdentifier"])) == 0
    error_message = "database is one dimension, DBInstanceIdentifier or DBClusterIdentifier."
  }
}

variable "queue_age_seconds" {
  type        = number
  description = "Age of the oldest message above which the queue is late."
  default     = 300

  validation {
    condition     = var.queue_age_seconds >= 60 && var.queue_age_seconds <= 86400
    error_message = "queue_age_seconds is 60 to 86400."
  }
}

variable "minimum_free_storage_gib" {
  type        = number
  description = "Free storage of the database below which somebody has to act, in GiB."
  default     = 10

  validation {
    condition     = var.minimum_free_storage_gib >= 1
    error_message = "minimum_free_storage_gib is 1 or more."
  }
}
