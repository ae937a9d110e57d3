variable "repositories" {
  type        = set(string)
  description = "Names of the repositories: the server, and images of others that are mirrored here."
  default     = ["escala", "escala-collector"]

  validation {
    condition     = length(var.repositories) > 0 && alltrue([for name in var.repositories : can(regex("^[a-z][a-z0-9/_-]{1,60}$", name))])
    error_message = "repositories are names of lowercase letters, digits, /, _ and -."
  }
}

variable "kept_images" {
  type        = number
  description = "Images that are kept of each repository: as far as a deployment can be taken back."
  default     = 50

  validation {
    condition     = var.kept_images >= 10 && var.kept_images <= 1000
    error_message = "kept_images is 10 to 1000."
  }
}
