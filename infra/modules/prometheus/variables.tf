variable "name" {
  type        = string
  description = "Alias of the workspace, and prefix of all other names."
  default     = "escala"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,27}[a-z0-9]$", var.name))
    error_message = "name is 3 to 29 lowercase letters, digits and -, begins with a letter and does not end with -."
  }
}

variable "rules_directory" {
  type        = string
  description = "Folder with rule files of Prometheus (*.yml); each becomes a rule group namespace."

  validation {
    condition     = length(fileset(var.rules_directory, "*.yml")) > 0
    error_message = "rules_directory holds no *.yml: a workspace without rules would never alert."
  }
}

variable "alertmanager_file" {
  type        = string
  description = "Configuration of Alertmanager. Its routes and inhibitions are taken; its receivers become the SNS topic, the only one that AWS offers."

  validation {
    condition     = can(yamldecode(file(var.alertmanager_file)).route.receiver)
    error_message = "alertmanager_file is YAML with a route."
  }
}

variable "alert_emails" {
  type        = set(string)
  description = "Addresses that get the alerts; each has to confirm once."
  default     = []

  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", address))])
    error_message = "alert_emails are addresses such as on-call@example.org."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that the workspace's own log is kept."
  default     = 365

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 400, 731], var.log_retention_days)
    error_message = "log_retention_days is one of 7, 14, 30, 60, 90, 180, 365, 400, 731."
  }
}
