variable "name" {
  type        = string
  description = "Name of the cluster, and prefix of all other names."
  default     = "escala-prober"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,27}[a-z0-9]$", var.name))
    error_message = "name is 3 to 29 lowercase letters, digits and -, begins with a letter and does not end with -."
  }
}

variable "image" {
  type        = string
  description = "Image of the server by digest, in a private registry of ECR."

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image ends with a digest, never a tag."
  }
}

variable "configuration" {
  type        = string
  description = "probe.yaml as text: whom to ask, and for what. It holds no secret."

  validation {
    condition     = try(length(yamldecode(var.configuration).targets) > 0, false)
    error_message = "configuration is YAML with targets."
  }
}

variable "network" {
  type        = object({ vpc_id = string, private_subnet_ids = list(string) })
  description = "The VPC, with a way to the internet, since public names are asked; and its private subnets."

  validation {
    condition     = startswith(var.network.vpc_id, "vpc-") && length(var.network.private_subnet_ids) >= 2
    error_message = "network is the output network of the module network."
  }
}

variable "collector" {
  type = object({
    image            = string
    workspace_arn    = string
    remote_write_url = string
  })
  description = "Image of the ADOT collector by digest in ECR, and the workspace of Amazon Managed Prometheus it writes to."

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.collector.image))
    error_message = "collector.image ends with a digest."
  }
}
