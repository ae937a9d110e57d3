variable "repository" {
  type        = string
  description = "Repository on GitHub, as OWNER/NAME."

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository is OWNER/NAME, without wildcards."
  }
}

variable "subject_prefix" {
  type        = string
  description = "What the subject of GitHub's tokens begins with, as far as `:environment:`. Null: `repo:OWNER/NAME`, which repositories made before mid-2026 have; later ones have `repo:OWNER@ID/NAME@ID`."
  default     = null

  validation {
    condition = var.subject_prefix == null ? true : (
      can(regex("^repo:[A-Za-z0-9-]+(@[0-9]+/[A-Za-z0-9._-]+@[0-9]+|/[A-Za-z0-9._-]+)$", var.subject_prefix)) &&
      replace(var.subject_prefix, "/@[0-9]+/", "") == "repo:${var.repository}"
    )
    error_message = "subject_prefix is repo:OWNER@ID/NAME@ID or repo:OWNER/NAME, of the same repository and without wildcards."
  }
}

variable "create_provider" {
  type        = bool
  description = "Whether to make the identity provider; an account has one for all repositories."
  default     = true
}

variable "image_repository_arns" {
  type        = list(string)
  description = "Repositories of ECR that the build pushes to."

  validation {
    condition     = length(var.image_repository_arns) > 0 && alltrue([for arn in var.image_repository_arns : !strcontains(arn, "*")])
    error_message = "image_repository_arns names repositories, without wildcards."
  }
}

variable "state_bucket_arn" {
  type        = string
  description = "Bucket of the Terraform states, which plans read."

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::[a-z0-9.-]+$", var.state_bucket_arn))
    error_message = "state_bucket_arn is the ARN of a bucket."
  }
}

variable "environments" {
  type = map(object({
    clusters = list(string)
  }))
  description = "Environments of GitHub that deploy: the names of the ECS clusters they may update; of another region than this as REGION/CLUSTER."
  default     = {}

  validation {
    condition     = alltrue([for name, environment in var.environments : can(regex("^[a-z][a-z0-9-]*$", name)) && length(environment.clusters) > 0 && alltrue([for cluster in environment.clusters : can(regex("^([a-z]{2}(-[a-z]+)+-[0-9]/)?[a-z][a-z0-9-]*$", cluster))])])
    error_message = "environments have lowercase names, and name clusters without wildcards."
  }
}
