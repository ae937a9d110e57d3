variable "region" {
  type        = string
  description = "Region of everything."
  default     = "eu-west-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is a region of AWS, such as eu-west-1."
  }
}

variable "system" {
  type        = string
  description = "Name of the system."
  default     = "flights"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.system))
    error_message = "system is 3 to 20 lowercase letters, digits and -, begins with a letter and does not end with -."
  }
}

variable "team" {
  type        = string
  description = "Team that answers for the system and pays for it."

  validation {
    condition     = length(var.team) > 0
    error_message = "team is the name of a team."
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

variable "publisher_arns" {
  type        = set(string)
  description = "Roles or accounts outside this account that may publish."
  default     = []

  validation {
    condition     = !contains(var.publisher_arns, "*")
    error_message = "publisher_arns never contains *."
  }
}

variable "image" {
  type        = string
  description = "Image of the server by digest, in ECR."

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image ends with a digest."
  }
}

variable "domain_name" {
  type        = string
  description = "Name of the API."

  validation {
    condition     = can(regex("\\.", var.domain_name))
    error_message = "domain_name is a full domain name."
  }
}

variable "zone_id" {
  type        = string
  description = "Hosted zone of Route 53 in which the domain lies."

  validation {
    condition     = can(regex("^[A-Z0-9]{8,32}$", var.zone_id))
    error_message = "zone_id is the id of a hosted zone, such as Z0123456789."
  }
}

variable "client_cidrs" {
  type        = set(string)
  description = "IPv4 ranges that may ask the API: the office, the network of the consumers."

  validation {
    condition     = length(var.client_cidrs) > 0
    error_message = "client_cidrs names at least one range."
  }
}

variable "alarm_emails" {
  type        = set(string)
  description = "Addresses that get the alarms."

  validation {
    condition     = length(var.alarm_emails) > 0 && alltrue([for address in var.alarm_emails : strcontains(address, "@")])
    error_message = "alarm_emails are addresses, at least one: an alarm that nobody gets is none."
  }
}

variable "collector" {
  type = object({
    image            = string
    workspace_arn    = string
    remote_write_url = string
  })
  description = "Collector and workspace of Amazon Managed Prometheus, as `shared` made them."

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.collector.image))
    error_message = "collector.image ends with a digest."
  }
}
