output "network" {
  description = "The VPC, its subnets by what lives in them, the ranges from which the load balancer asks, and where tasks may send to port 443: prefix lists, the group of the interface endpoints, ranges of addresses (with a NAT gateway)."
  value = {
    vpc_id             = aws_vpc.this.id
    public_subnet_ids  = [for zone in local.zones : aws_subnet.public[zone].id]
    public_cidrs       = values(local.public_cidrs)
    private_subnet_ids = [for zone in local.zones : aws_subnet.private[zone].id]
    data_subnet_ids    = [for zone in local.zones : aws_subnet.data[zone].id]
    egress = {
      prefix_list_ids    = { s3 = aws_vpc_endpoint.s3.prefix_list_id }
      security_group_ids = var.settings.egress_mode == "endpoints" ? { endpoints = aws_security_group.endpoints[0].id } : {}
      cidrs              = var.settings.egress_mode == "endpoints" ? {} : { internet = "0.0.0.0/0" }
    }
  }
}
