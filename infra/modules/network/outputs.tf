output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "zones" {
  description = "Availability zones in use."
  value       = local.zones
}

output "public_subnet_ids" {
  description = "Subnets of the load balancer."
  value       = [for zone in local.zones : aws_subnet.public[zone].id]
}

output "public_cidrs" {
  description = "Ranges of addresses from which the load balancer asks."
  value       = values(local.public_cidrs)
}

output "private_subnet_ids" {
  description = "Subnets of the tasks."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "data_subnet_ids" {
  description = "Subnets of the database; they route nowhere else."
  value       = [for zone in local.zones : aws_subnet.data[zone].id]
}

output "egress" {
  description = "Where tasks may send to port 443: prefix lists, the group of the interface endpoints, and ranges of addresses (with a NAT gateway)."
  value = {
    prefix_list_ids    = { s3 = aws_vpc_endpoint.s3.prefix_list_id }
    security_group_ids = var.egress_mode == "endpoints" ? { endpoints = aws_security_group.endpoints[0].id } : {}
    cidrs              = var.egress_mode == "endpoints" ? {} : { internet = "0.0.0.0/0" }
  }
}
