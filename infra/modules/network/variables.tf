variable "name" {
  type        = string
  description = "Prefix of all names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,27}[a-z0-9]$", var.name))
    error_message = "name is 3 to 29 lowercase letters, digits and -, begins with a letter and does not end with -."
  }
}

variable "cidr" {
  type        = string
  description = "IPv4 range of the VPC. Each zone takes three sixteenths of it."
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && can(regex("/(1[6-9]|20)$", var.cidr))
    error_message = "cidr is an IPv4 range of /16 to /20."
  }
}

variable "zone_count" {
  type        = number
  description = "Availability zones to use."
  default     = 3

  validation {
    condition     = contains([2, 3], var.zone_count)
    error_message = "zone_count is 2 or 3: a load balancer and a database each need two."
  }
}

variable "egress_mode" {
  type        = string
  description = "How tasks reach AWS: `nat` through a NAT gateway, also to the rest of the internet; `endpoints` through interface endpoints only."
  default     = "endpoints"

  validation {
    condition     = contains(["nat", "endpoints"], var.egress_mode)
    error_message = "egress_mode is nat or endpoints."
  }
}

variable "nat_per_zone" {
  type        = bool
  description = "A NAT gateway in each zone, so that the loss of a zone does not take egress from the others."
  default     = true
}

variable "endpoint_services" {
  type        = set(string)
  description = "Services that get an interface endpoint when egress_mode is endpoints."
  default     = ["aps-workspaces", "ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "sns", "sqs", "sts"]

  validation {
    condition     = length(setsubtract(["ecr.api", "ecr.dkr", "logs", "sqs"], var.endpoint_services)) == 0
    error_message = "endpoint_services contains at least ecr.api, ecr.dkr, logs and sqs: without them no task starts or works."
  }
}

variable "flow_log_retention_days" {
  type        = number
  description = "Days that flow logs are kept."
  default     = 365

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 400, 731], var.flow_log_retention_days)
    error_message = "flow_log_retention_days is one of 7, 14, 30, 60, 90, 180, 365, 400, 731."
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
