variable "name" {
  type        = string
  description = "Name of the topic, and prefix of all other names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,46}[a-z0-9]$", var.name))
    error_message = "name is 3 to 48 lowercase letters, digits and -, begins with a letter and does not end with -."
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

variable "raw_delivery" {
  type        = bool
  description = "Deliver the payload without the SNS envelope. The SNS message id is lost then: only with a dedup key in the payload."
  default     = false
}

variable "visibility_timeout_seconds" {
  type        = number
  description = "How long a received message stays hidden. The server renews it at half of this time for what it still works on."
  default     = 120

  validation {
    condition     = var.visibility_timeout_seconds >= 30 && var.visibility_timeout_seconds <= 43200
    error_message = "visibility_timeout_seconds is 30 to 43200: at least six times what a batch takes."
  }
}

variable "retention_seconds" {
  type        = number
  description = "How long a message waits for the server: the longest outage of the database that loses nothing."
  default     = 1209600

  validation {
    condition     = var.retention_seconds >= 86400 && var.retention_seconds <= 1209600
    error_message = "retention_seconds is one day (86400) to fourteen (1209600)."
  }
}

variable "max_receive_count" {
  type        = number
  description = "Receives after which a message goes to the dead-letter queue: the last resort, since what cannot be stored waits in escala.dead_letter."
  default     = 30

  validation {
    condition     = var.max_receive_count >= 20 && var.max_receive_count <= 50
    error_message = "max_receive_count is 20 to 50: fewer are used up by restarts and outages, not by bad messages."
  }
}

variable "delivery_sample_percent" {
  type        = number
  description = "Percent of successful deliveries that are logged; failed ones always are."
  default     = 0

  validation {
    condition     = var.delivery_sample_percent >= 0 && var.delivery_sample_percent <= 100
    error_message = "delivery_sample_percent is 0 to 100."
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
