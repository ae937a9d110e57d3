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

variable "bucket" {
  type        = string
  description = "Name of the bucket, unique in the world."

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket is 3 to 63 lowercase letters, digits and -."
  }
}
