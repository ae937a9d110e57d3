resource "aws_security_group" "edge" {
  name        = "${local.name}-edge"
  description = "Load balancer of ${local.name}"
  vpc_id      = local.network.vpc_id

  tags = { Name = "${local.name}-edge" }
}

resource "aws_vpc_security_group_ingress_rule" "edge" {
  for_each = merge([for cidr in var.client_cidrs : { "443-${cidr}" = { port = 443, cidr = cidr, what = "HTTPS from ${cidr}" }, "80-${cidr}" = { port = 80, cidr = cidr, what = "HTTP from ${cidr}, only to be sent to HTTPS" } }]...)

  security_group_id = aws_security_group.edge.id
  description       = each.value.what
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_lb" "this" {
  name               = local.name
  load_balancer_type = "application"
  internal           = var.edge.internal
  subnets            = var.edge.internal ? local.network.private_subnet_ids : local.network.public_subnet_ids
  security_groups    = [aws_security_group.edge.id]

  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  enable_deletion_protection = !var.disposable
  enable_http2               = true
  idle_timeout               = 60

  access_logs {
    bucket  = aws_s3_bucket.logs.id
    prefix  = "access"
    enabled = true
  }

  connection_logs {
    bucket  = aws_s3_bucket.logs.id
    prefix  = "connection"
    enabled = true
  }

  # It writes a test object when the logs are switched on.
  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_lb_target_group" "api" {
  name        = local.name
  vpc_id      = local.network.vpc_id
  target_type = "ip"
  protocol    = "HTTP"
  port        = 8080

  # A task leaves within half a minute: longer than any answer may take, shorter than its stop timeout.
  deregistration_delay              = 30
  slow_start                        = 30
  load_balancing_algorithm_type     = "round_robin"
  load_balancing_cross_zone_enabled = true

  # Not the deep check: a database that stumbles must not make the load balancer take every task out.
  health_check {
    path                = "/ping"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTP"
  port              = 80

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = local.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

resource "aws_lb_listener_rule" "no_publishing" {
  count = var.edge.publish_over_http ? 0 : 1

  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  condition {
    path_pattern {
      values = ["/topics", "/topics/*"]
    }
  }

  action {
    type = "fixed-response"

    fixed_response {
      content_type = "application/json"
      status_code  = "403"
      message_body = jsonencode({ code = "ESC403", message = "Publishing over HTTP is switched off here", details = null, hint = "Publish to the SNS topic." })
    }
  }
}
