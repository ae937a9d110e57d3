module "key" {
  source = "../key"

  name        = "${var.name}-logs"
  description = "Logs of ${var.name}"
  logs        = true
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/escala/${var.name}"
  retention_in_days = 30
  kms_key_id        = module.key.arn
}

resource "aws_security_group" "this" {
  name        = var.name
  description = "Asks systems from outside"
  vpc_id      = var.network.vpc_id

  tags = { Name = var.name }
}

# Systems, registry and workspace alike: nobody knows the addresses of a load balancer for long.
resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "HTTPS to systems by their public names, and to AWS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

# The prober itself needs nothing of AWS. Both containers are essential: one whose answers nobody sees is started anew.
module "task" {
  source = "../task"

  name        = var.name
  image       = var.image
  command     = ["probe"]
  environment = { ESCALA_PROBE = var.configuration }
  log_group   = { name = aws_cloudwatch_log_group.this.name, arn = aws_cloudwatch_log_group.this.arn }
  collector   = merge(var.collector, { honor_labels = true, essential = true })
}

resource "aws_ecs_service" "this" {
  name             = "prober"
  cluster          = aws_ecs_cluster.this.arn
  task_definition  = module.task.arn
  desired_count    = 1
  launch_type      = "FARGATE"
  platform_version = "LATEST"

  # The next one asks before this one ends; twice the questions for a minute hurt nobody.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  enable_execute_command             = false
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"

  network_configuration {
    subnets          = var.network.private_subnet_ids
    security_groups  = [aws_security_group.this.id]
    assign_public_ip = false
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  depends_on = [module.task]
}
