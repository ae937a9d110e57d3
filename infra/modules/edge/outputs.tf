output "url" {
  description = "Address of the API."
  value       = "https://${var.domain_name}"
}

output "dns_name" {
  description = "Name of the load balancer, for a record made elsewhere."
  value       = aws_lb.this.dns_name
}

output "security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.this.id
}

output "target_group_arn" {
  description = "Where the tasks of the API register."
  value       = aws_lb_target_group.api.arn

  # A service can only register where a listener points to.
  depends_on = [aws_lb_listener.https]
}

output "load_balancer_arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "dimensions" {
  description = "Dimensions of the load balancer's metrics in CloudWatch."
  value = {
    LoadBalancer = aws_lb.this.arn_suffix
    TargetGroup  = aws_lb_target_group.api.arn_suffix
  }
}
