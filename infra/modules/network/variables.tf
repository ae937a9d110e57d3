variable "name" {
  type        = string
  description = "Prefix of all names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,27}[a-z0-9]$", var.name))
    error_message = "name is 3 to 29 lowercase letters, digits and -, begins with a letter and does not end with -."
  }
}

variable "settings" {
  type = object({
    # Each zone takes three sixteenths of it.
    cidr       = optional(string, "10.20.0.0/16")
    zone_count = optional(number, 3)
    # How tasks reach AWS: nat through a NAT gateway, also to the rest of the internet; endpoints through interface endpoints only.
    egress_mode = optional(string, "endpoints")
    # So that the loss of a zone does not take egress from the others.
    nat_per_zone = optional(bool, true)
  })
  description = "Range of the VPC, number of zones, and how tasks get out."
  default     = {}

  validation {
    condition     = can(cidrhost(var.settings.cidr, 0)) && can(regex("/(1[6-9]|20)$", var.settings.cidr))
    error_message = "cidr is an IPv4 range of /16 to /20."
  }

  validation {
    condition     = contains([2, 3], var.settings.zone_count) && contains(["nat", "endpoints"], var.settings.egress_mode)
    error_message = "zone_count is 2 or 3, since load balancer and database each need two; egress_mode is nat or endpoints."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that flow logs are kept."
  default     = 365

  validation {
    condition     = var.log_retention_days >= 7
    error_message = "log_retention_days is 7 or more."
  }
}

variable "log_key_arn" {
  type        = string
  description = "KMS key of the flow logs; its policy lets CloudWatch Logs use it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.log_key_arn))
    error_message = "log_key_arn is the ARN of a KMS key."
  }
}

variable "body_buckets" {
  type        = set(string)
  description = "Buckets that tasks read the bodies of large messages from, besides the layers of images."
  default     = []

  validation {
    condition     = alltrue([for bucket in var.body_buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket))])
    error_message = "body_buckets are names of buckets, without wildcards."
  }
}
