variable "name" {
  type        = string
  description = "Name of the load balancer, and prefix of all other names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,27}[a-z0-9]$", var.name)) && !startswith(var.name, "internal-")
    error_message = "name is 3 to 29 lowercase letters, digits and -, begins with a letter but not with internal-, and does not end with -."
  }
}

variable "vpc_id" {
  type        = string
  description = "The VPC."

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id is the id of a VPC."
  }
}

variable "subnet_ids" {
  type        = list(string)
  description = "Public subnets, or private ones for an internal load balancer, each in a zone of its own."

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids names two subnets or more."
  }
}

variable "internal" {
  type        = bool
  description = "Whether only the VPC, and what is connected to it, reaches the load balancer."
  default     = false
}

variable "client_cidrs" {
  type        = set(string)
  description = "IPv4 ranges of the clients. The server knows no users yet, so that whole ranges of the internet are refused."

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for cidr in var.client_cidrs : can(cidrhost(cidr, 0)) && tonumber(split("/", cidr)[1]) >= 8])
    error_message = "client_cidrs names IPv4 ranges of /8 or smaller, never 0.0.0.0/0: whoever reaches the API reads its data."
  }
}

variable "publish_over_http" {
  type        = bool
  description = "Whether `POST /topics/…` is let through. Without it messages arrive by the topic alone, whose publishers IAM knows."
  default     = false
}

variable "domain_name" {
  type        = string
  description = "Name of the API, such as flights.example.org."

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name is a full domain name in lowercase letters."
  }
}

variable "zone_id" {
  type        = string
  description = "Hosted zone of Route 53 that gets the record, and the proof for the certificate. Null: certificate_arn is given, and the record is made elsewhere."
  default     = null

  validation {
    condition     = var.zone_id == null || can(regex("^[A-Z0-9]{8,32}$", var.zone_id))
    error_message = "zone_id is the id of a hosted zone, such as Z0123456789."
  }
}

variable "certificate_arn" {
  type        = string
  description = "Certificate of the domain, if there is one already."
  default     = null

  validation {
    condition     = (var.certificate_arn == null) != (var.zone_id == null)
    error_message = "Either certificate_arn or zone_id is given."
  }
}

variable "deletion_protection" {
  type        = bool
  description = "Whether the load balancer resists deletion."
  default     = true
}

variable "requests_per_5_minutes" {
  type        = number
  description = "Requests of one address in five minutes, above which it is refused."
  default     = 30000

  validation {
    condition     = var.requests_per_5_minutes >= 100 && var.requests_per_5_minutes <= 2000000000
    error_message = "requests_per_5_minutes is 100 to 2000000000."
  }
}

variable "access_log_retention_days" {
  type        = number
  description = "Days that access logs are kept."
  default     = 365

  validation {
    condition     = var.access_log_retention_days >= 7 && var.access_log_retention_days <= 3650
    error_message = "access_log_retention_days is 7 to 3650."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that the log of the web firewall is kept."
  default     = 365

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 400, 731], var.log_retention_days)
    error_message = "log_retention_days is one of 7, 14, 30, 60, 90, 180, 365, 400, 731."
  }
}

variable "log_key_arn" {
  type        = string
  description = "KMS key of the firewall's log; its policy lets CloudWatch Logs use it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.log_key_arn))
    error_message = "log_key_arn is the ARN of a KMS key."
  }
}

variable "force_destroy_logs" {
  type        = bool
  description = "Whether the bucket of the access logs may be deleted with what is in it."
  default     = false
}
