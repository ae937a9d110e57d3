resource "aws_security_group" "task" {
  for_each = local.tasks

  name        = "${local.name}-${each.key}"
  description = "Tasks of ${local.name} that ${each.key == "api" ? "answer requests" : "store messages"}"
  vpc_id      = local.network.vpc_id

  tags = { Name = "${local.name}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "from_edge" {
  security_group_id            = aws_security_group.task["api"].id
  description                  = "Requests from the load balancer"
  referenced_security_group_id = aws_security_group.edge.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_egress_rule" "edge_to_api" {
  security_group_id            = aws_security_group.edge.id
  description                  = "Requests to the tasks of the API"
  referenced_security_group_id = aws_security_group.task["api"].id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_egress_rule" "database" {
  for_each = local.tasks

  security_group_id            = aws_security_group.task[each.key].id
  description                  = "PostgreSQL"
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

locals {
  # One rule for each kind of tasks and each way to AWS.
  ways = merge(
    { for name, id in local.network.egress.prefix_list_ids : name => { prefix_list_id = id, group = null, cidr = null } },
    { for name, id in local.network.egress.security_group_ids : name => { prefix_list_id = null, group = id, cidr = null } },
    { for name, cidr in local.network.egress.cidrs : name => { prefix_list_id = null, group = null, cidr = cidr } },
  )
  task_ways = merge([
    for role in keys(local.tasks) : { for name, way in local.ways : "${role}-${name}" => merge(way, { role = role, way = name }) }
  ]...)
}

resource "aws_vpc_security_group_egress_rule" "aws" {
  for_each = local.task_ways

  security_group_id            = aws_security_group.task[each.value.role].id
  description                  = "HTTPS to AWS by ${each.value.way}"
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.group
  cidr_ipv4                    = each.value.cidr
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
