variable "name" {
  type        = string
  description = "Family of the task definition, and beginning of the names of its roles."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,48}[a-z0-9]$", var.name))
    error_message = "name is 3 to 50 lowercase letters, digits and -, begins with a letter and does not end with -."
  }
}

variable "image" {
  type        = string
  description = "Image of the product by digest, in a private registry of ECR. Later ones are rolled out by the deployment, not by Terraform."

  validation {
    condition     = can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com/[a-z0-9/_.-]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image is a repository of ECR with a digest: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:…, never a tag."
  }
}

variable "command" {
  type        = list(string)
  description = "Command of the product, behind the entry point of the image."

  validation {
    condition     = length(var.command) > 0
    error_message = "command names a command, such as serve."
  }
}

variable "environment" {
  type        = map(string)
  description = "Variables of its environment. None is a secret: whoever may see the task reads them."

  validation {
    condition     = !can(regex("postgres(ql)?://[^/\\s:@]+:[^@\\s]+@|(?m)^\\s*(- )?token:", join("\n", values(var.environment))))
    error_message = "environment must not contain a password or a token."
  }
}

variable "size" {
  type        = object({ cpu = optional(number, 256), memory = optional(number, 512) })
  description = "Of the whole task, its collector included: units of CPU (1024 to a core), MiB."
  default     = {}

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.size.cpu) && var.size.memory >= 512 && var.size.memory <= 30720 && var.size.memory % 512 == 0
    error_message = "size.cpu is 256, 512, 1024, 2048 or 4096, and size.memory a multiple of 512 from 512 to 30720."
  }
}

variable "log_group" {
  type        = object({ name = string, arn = string })
  description = "Log group of its containers."

  validation {
    condition     = startswith(var.log_group.name, "/")
    error_message = "log_group has a name that begins with /."
  }
}

variable "ports" {
  type        = map(number)
  description = "Ports of the container, by their name."
  default     = {}

  validation {
    condition     = alltrue([for port in values(var.ports) : port >= 1024 && port <= 65535])
    error_message = "ports are 1024 to 65535: nobody but root has others."
  }
}

variable "health_check" {
  type        = bool
  description = "Whether it goes on, so that ECS asks whether it is well; what ends by itself is not asked."
  default     = true
}

variable "secret" {
  type = object({
    arn     = string
    key_arn = string
    # Keys of the secret by the variable of the environment that ECS puts them into.
    variables = map(string)
  })
  description = "A secret that ECS reads for the task. Null: none."
  default     = null

  validation {
    condition     = var.secret == null ? true : length(var.secret.variables) > 0
    error_message = "secret says which variables it is for."
  }
}

variable "collector" {
  type = object({
    image            = string
    workspace_arn    = string
    remote_write_url = string
    every            = optional(string, "30s")
    # Labels of the container go before those of the scrape: a prober speaks of other systems.
    honor_labels = optional(bool, false)
    # Without it the task ends.
    essential = optional(bool, false)
  })
  description = "ADOT collector beside the program, by digest in ECR, and the workspace of Amazon Managed Prometheus it writes to. Null: metrics stay in the task."
  default     = null

  validation {
    condition = var.collector == null ? true : (
      can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com/[a-z0-9/_.-]+@sha256:[0-9a-f]{64}$", var.collector.image)) &&
      can(regex("^arn:[a-z-]+:aps:[^*]+:workspace/", var.collector.workspace_arn)) &&
      can(regex("^https://.*/api/v1/remote_write$", var.collector.remote_write_url)) && can(regex("^[0-9]+s$", var.collector.every))
    )
    error_message = "collector names an image of ECR by its digest, the workspace by its ARN and its remote write address, and seconds such as 30s."
  }
}
