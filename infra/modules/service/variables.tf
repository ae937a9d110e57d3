variable "name" {
  type        = string
  description = "Name of the cluster, and prefix of all other names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,27}[a-z0-9]$", var.name))
    error_message = "name is 3 to 29 lowercase letters, digits and -, begins with a letter and does not end with -."
  }
}

variable "tier" {
  type        = string
  description = "`standard` promises 99.9 % in 30 days, `critical` 99.99 %."
  default     = "standard"

  validation {
    condition     = contains(["standard", "critical"], var.tier)
    error_message = "tier is standard or critical."
  }
}

variable "disposable" {
  type        = bool
  description = "Whether an interruption hurts nobody: allows a single task. For development only."
  default     = false
}

variable "image" {
  type        = string
  description = "Image of the server by digest, in a private registry of ECR. Later ones are rolled out by the deployment, not by Terraform."

  validation {
    condition     = can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com/[a-z0-9/_.-]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image is a repository of ECR with a digest: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:…, never a tag."
  }
}

variable "configuration" {
  type        = string
  description = "escala.yaml as text. It holds no secret: the server logs in to the database by IAM."

  validation {
    condition     = can(yamldecode(var.configuration).databases) && can(yamldecode(var.configuration).topics)
    error_message = "configuration is YAML with databases and topics."
  }

  validation {
    condition     = !can(regex("postgres(ql)?://[^/\\s:@]+:[^@\\s]+@", var.configuration))
    error_message = "configuration must not contain a password."
  }
}

variable "health_command" {
  type        = list(string)
  description = "Command inside the container that ends with 0 while the server is well; the image has no shell."
  default     = ["CMD", "/opt/escala/runtime/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx16m", "-cp", "/opt/escala/app/escala-server.jar", "dev.escala.app.ContainerCheck"]

  validation {
    condition     = length(var.health_command) >= 2 && var.health_command[0] == "CMD"
    error_message = "health_command begins with CMD: there is no shell for CMD-SHELL."
  }
}

variable "api" {
  type = object({
    cpu       = optional(number, 512)
    memory    = optional(number, 1024)
    min_tasks = optional(number, 2)
    max_tasks = optional(number, 10)
    # Requests a minute that one task takes before another one is started.
    requests_per_task = optional(number, 30000)
  })
  description = "Size and number of the tasks that answer requests."
  default     = {}

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.api.cpu) && var.api.memory >= 512 && var.api.memory <= 30720 && var.api.memory % 512 == 0
    error_message = "api.cpu is 256, 512, 1024, 2048 or 4096, and api.memory a multiple of 512 from 512 to 30720."
  }

  validation {
    condition     = var.api.min_tasks >= 1 && var.api.max_tasks >= var.api.min_tasks && var.api.requests_per_task >= 60
    error_message = "api.min_tasks is 1 or more, api.max_tasks at least as many, and api.requests_per_task 60 or more."
  }
}

variable "ingest" {
  type = object({
    cpu       = optional(number, 512)
    memory    = optional(number, 1024)
    min_tasks = optional(number, 2)
    max_tasks = optional(number, 10)
    # Acceptable latency (5 s) × what a task of half a vCPU stores in a second (about 2,000).
    backlog_per_task = optional(number, 10000)
  })
  description = "Size and number of the tasks that store messages."
  default     = {}

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.ingest.cpu) && var.ingest.memory >= 512 && var.ingest.memory <= 30720 && var.ingest.memory % 512 == 0
    error_message = "ingest.cpu is 256, 512, 1024, 2048 or 4096, and ingest.memory a multiple of 512 from 512 to 30720."
  }

  validation {
    condition     = var.ingest.min_tasks >= 1 && var.ingest.max_tasks >= var.ingest.min_tasks && var.ingest.backlog_per_task >= 1
    error_message = "ingest.min_tasks is 1 or more, ingest.max_tasks at least as many, and ingest.backlog_per_task 1 or more."
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
  description = "Private subnets, each in a zone of its own."

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids names two subnets or more."
  }
}

variable "egress" {
  type = object({
    prefix_list_ids    = map(string)
    security_group_ids = map(string)
    cidrs              = map(string)
  })
  description = "Where tasks may send to port 443, as the network says."

  validation {
    condition     = length(var.egress.prefix_list_ids) + length(var.egress.security_group_ids) + length(var.egress.cidrs) > 0
    error_message = "egress names at least one way to AWS."
  }
}

variable "edge" {
  type = object({
    security_group_id = string
    target_group_arn  = string
    # app/…/targetgroup/…: what requests per target are counted by.
    dimensions = object({ LoadBalancer = string, TargetGroup = string })
  })
  description = "The load balancer."

  validation {
    condition     = can(regex("^arn:[a-z-]+:elasticloadbalancing:", var.edge.target_group_arn))
    error_message = "edge.target_group_arn is the ARN of a target group."
  }
}

variable "database" {
  type = object({
    security_group_id = string
    login_arn_prefix  = string
    master_secret_arn = string
    key_arn           = string
  })
  description = "The database."

  validation {
    condition     = can(regex("^arn:[a-z-]+:rds-db:.*:dbuser:[^*]+/$", var.database.login_arn_prefix))
    error_message = "database.login_arn_prefix is the ARN of the logins of one database, ending with /."
  }
}

variable "logins" {
  type = object({
    owner  = optional(string, "escala_owner")
    reader = optional(string, "escala_read")
  })
  description = "Logins of the database: the one that owns the tables, and the one that can only read."
  default     = {}

  validation {
    condition     = var.logins.owner != var.logins.reader && alltrue([for login in [var.logins.owner, var.logins.reader] : can(regex("^[a-z_][a-z0-9_]{0,62}$", login))])
    error_message = "logins are two different names of lowercase letters, digits and _."
  }
}

variable "messaging" {
  type = object({
    topic_arn             = string
    queue_arn             = string
    queue_name            = string
    dead_letter_queue_arn = string
    key_arn               = string
  })
  description = "Topic and queues."

  validation {
    condition     = can(regex("^arn:[a-z-]+:sqs:", var.messaging.queue_arn)) && can(regex("^arn:[a-z-]+:sns:", var.messaging.topic_arn))
    error_message = "messaging names topic and queue by their ARNs."
  }
}

variable "observability" {
  type = object({
    key_arn        = string
    log_groups     = map(string)
    log_group_arns = map(string)
    exec_log_group = string
    alarms         = object({ api = list(string), ingest = list(string) })
  })
  description = "Log groups by container, and the alarms that roll a deployment back."

  validation {
    condition     = length(setsubtract(["api", "ingest", "prepare", "collector"], keys(var.observability.log_groups))) == 0
    error_message = "observability.log_groups has a group for api, ingest, prepare and collector."
  }
}

variable "collector" {
  type = object({
    image            = string
    workspace_arn    = string
    remote_write_url = string
  })
  description = "Image of the ADOT collector by digest in ECR, and the workspace of Amazon Managed Prometheus it writes to. Null: metrics stay in the tasks."
  default     = null

  validation {
    condition     = var.collector == null || can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com/[a-z0-9/_.-]+@sha256:[0-9a-f]{64}$", var.collector.image))
    error_message = "collector.image is a repository of ECR with a digest, never a tag."
  }

  validation {
    condition     = var.collector == null || can(regex("^arn:[a-z-]+:aps:[^*]+:workspace/", var.collector.workspace_arn)) && can(regex("^https://.*/api/v1/remote_write$", var.collector.remote_write_url))
    error_message = "collector names the workspace by its ARN, and its remote write address."
  }
}

variable "create_autoscaling" {
  type        = bool
  description = "Whether the number of tasks follows the load. Without it there are always min_tasks."
  default     = true
}
