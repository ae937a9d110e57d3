variable "system" {
  type        = string
  description = "Name of one system of the fleet file."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.system))
    error_message = "system is 3 to 20 lowercase letters, digits and -, begins with a letter and does not end with -."
  }
}

variable "fleet_file" {
  type        = string
  description = "YAML with a list `systems`; each has name, team, region and tier."
  default     = "../../ops/fleet/fleet.yaml"

  validation {
    condition     = alltrue([for system in try(yamldecode(file(var.fleet_file)).systems, []) : contains(["standard", "critical"], system.tier) && length(system.team) > 0 && length(system.region) > 0])
    error_message = "Each system of fleet_file has a name, a team, a region, and the tier standard or critical."
  }

  validation {
    condition     = length([for system in try(yamldecode(file(var.fleet_file)).systems, []) : system if system.name == var.system]) == 1
    error_message = "fleet_file names the system exactly once."
  }
}

variable "domain" {
  type        = string
  description = "Domain below which each system is reached: SYSTEM.DOMAIN."

  validation {
    condition     = can(regex("\\.", var.domain))
    error_message = "domain is a full domain name."
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

variable "image" {
  type        = string
  description = "Image of the server by digest, in ECR."

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image ends with a digest."
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
