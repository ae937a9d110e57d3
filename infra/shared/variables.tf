variable "region" {
  type        = string
  description = "Region of everything."
  default     = "eu-west-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is a region of AWS, such as eu-west-1."
  }
}

variable "team" {
  type        = string
  description = "Team that answers for it."

  validation {
    condition     = length(var.team) > 0
    error_message = "team is the name of a team."
  }
}

variable "github" {
  type = object({
    # As OWNER/NAME.
    repository = string
    # What the subject of the tokens begins with; null: repo:OWNER/NAME. Repositories made since mid-2026 have repo:OWNER@ID/NAME@ID.
    subject_prefix = optional(string)
    # An account has one identity provider for all repositories.
    create_provider = optional(bool, true)
    # Those of GitHub that deploy, and the clusters they may update: SYSTEM-ENV, in another region REGION/SYSTEM-ENV.
    environments = optional(map(object({ clusters = list(string) })), { dev = { clusters = ["flights-dev"] }, prod = { clusters = ["flights-prod"] } })
  })
  description = "The repository on GitHub whose jobs build and deploy. Null in every region but the first: the roles are those of the account."

  validation {
    condition     = var.github == null ? true : can(regex("^[^/*]+/[^/*]+$", var.github.repository))
    error_message = "github.repository is OWNER/NAME."
  }
}

variable "state_bucket" {
  type        = string
  description = "Bucket of the states, as `state` made it."

  validation {
    condition     = can(regex("^[a-z0-9.-]{3,63}$", var.state_bucket))
    error_message = "state_bucket is the name of a bucket."
  }
}

variable "alert_emails" {
  type        = set(string)
  description = "Addresses that get the alerts of Prometheus."

  validation {
    condition     = length(var.alert_emails) > 0 && alltrue([for address in var.alert_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", address))])
    error_message = "alert_emails names at least one address: an alert that nobody gets is none."
  }
}

variable "monthly_budget_usd" {
  type        = number
  description = "What the account may cost in a month, in US dollars, before alert_emails are told. Null in every region but the first: a budget is the account's."

  validation {
    condition     = var.monthly_budget_usd == null ? true : var.monthly_budget_usd > 0
    error_message = "monthly_budget_usd is more than 0."
  }
}

variable "network" {
  type = object({
    cidr         = optional(string, "10.20.0.0/16")
    zone_count   = optional(number, 3)
    egress_mode  = optional(string, "nat")
    nat_per_zone = optional(bool, true)
    body_buckets = optional(set(string), [])
  })
  description = "The network that systems of the region share (`shared_network`). Null: each system has a VPC of its own."
  default     = null

  validation {
    condition     = var.network == null ? true : can(cidrhost(var.network.cidr, 0))
    error_message = "network.cidr is an IPv4 range."
  }
}

variable "prober" {
  type = object({
    image              = string
    collector_image    = string
    configuration_file = string
  })
  description = "The task that asks systems from outside, in the shared network of this region: images by digest, and a file as docs/examples/prober/probe.yaml. Best in another region than the systems. Null: none."
  default     = null

  validation {
    condition     = var.prober == null ? true : try(var.network.egress_mode, "none") == "nat" && fileexists(var.prober.configuration_file)
    error_message = "prober needs a network with a NAT gateway, and its configuration_file."
  }
}

variable "links" {
  type        = object({ runbooks = optional(string, ""), dashboards = optional(string, "") })
  description = "What stands in front of docs/runbooks/... and d/escala-... in the links of alerts: https://github.com/OWNER/NAME/blob/main/ and the Grafana that has the dashboards."
  default     = {}

  validation {
    condition     = alltrue([for link in values(var.links) : link == "" || can(regex("^https://.+/$", link))])
    error_message = "links begin with https:// and end with /."
  }
}

variable "inventory_file" {
  type        = string
  description = "ops/prometheus/inventory.yml, made of a fleet file that names the systems of this region (`escala slo generate --fleet`). Without it a system is missed only if it was seen within a day."
  default     = null

  validation {
    condition     = var.inventory_file == null ? true : can(yamldecode(file(var.inventory_file)).groups)
    error_message = "inventory_file is a rule file of Prometheus."
  }
}
