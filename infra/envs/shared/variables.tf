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

variable "github_repository" {
  type        = string
  description = "Repository on GitHub whose jobs build and deploy, as OWNER/NAME."

  validation {
    condition     = can(regex("^[^/*]+/[^/*]+$", var.github_repository))
    error_message = "github_repository is OWNER/NAME."
  }
}

variable "github_environments" {
  type        = map(object({ clusters = list(string) }))
  description = "Environments of GitHub that deploy, and the clusters (SYSTEM-ENV) they may update."
  default = {
    dev  = { clusters = ["flights-dev"] }
    prod = { clusters = ["flights-prod"] }
  }

  validation {
    condition     = alltrue([for environment in var.github_environments : length(environment.clusters) > 0])
    error_message = "github_environments name at least one cluster each."
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
    condition     = length(var.alert_emails) > 0
    error_message = "alert_emails names at least one address: an alert that nobody gets is none."
  }
}
