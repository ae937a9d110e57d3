variable "name" {
  type        = string
  description = "Alias of the key, without `alias/`."

  validation {
    condition     = can(regex("^[a-z][a-z0-9/-]{2,60}$", var.name)) && !startswith(var.name, "aws/")
    error_message = "name is 3 to 61 lowercase letters, digits, - and /, begins with a letter and not with aws/."
  }
}

variable "description" {
  type        = string
  description = "What the key encrypts."

  validation {
    condition     = length(var.description) >= 10
    error_message = "description says in a few words what the key encrypts."
  }
}

variable "services" {
  type = map(object({
    actions   = list(string)
    arns      = list(string)
    condition = optional(string, "aws:SourceArn")
  }))
  description = "AWS services that use the key for others, by their principal: what they may do, and for which ARNs (patterns), as the condition key tells them."
  default     = {}

  validation {
    condition     = alltrue([for service in keys(var.services) : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com$", service))])
    error_message = "services are named by their principal, such as sns.amazonaws.com."
  }

  validation {
    condition     = alltrue(flatten([for service in var.services : [for action in service.actions : can(regex("^kms:[A-Za-z]+\\*?$", action))]]))
    error_message = "services get named kms actions, never kms:* or *."
  }

  validation {
    condition     = alltrue([for service in var.services : length(service.arns) > 0 && !contains(service.arns, "*")])
    error_message = "services name the ARNs they may use the key for, never *."
  }
}

variable "logs" {
  type        = bool
  description = "Whether CloudWatch Logs uses the key for log groups of this account and region."
  default     = false
}

variable "others" {
  type = object({
    arns    = set(string)
    actions = list(string)
    via     = string
  })
  description = "Roles or accounts outside this account that use the key, what they may do, and the service through which alone, such as sns.eu-west-1.amazonaws.com. Null: nobody."
  default     = null

  validation {
    condition = var.others == null ? true : (
      length(var.others.arns) > 0 && !strcontains(join("", var.others.arns), "*") &&
      alltrue([for action in var.others.actions : can(regex("^kms:[A-Za-z]+$", action))]) &&
      can(regex("^[a-z]+\\.[a-z0-9-]+\\.amazonaws\\.com$", var.others.via))
    )
    error_message = "others are ARNs without wildcards that get named kms actions through one service."
  }
}

variable "deletion_window_days" {
  type        = number
  description = "Days between the deletion of the key and the end of all that it encrypts."
  default     = 30

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30
    error_message = "deletion_window_days is 7 to 30."
  }
}
