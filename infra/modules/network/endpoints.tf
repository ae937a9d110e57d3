data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# The layers of images lie in a bucket of the registry; nothing else of S3 is needed but the bodies of large messages, where there are such.
data "aws_iam_policy_document" "image_layers" {
  statement {
    sid       = "ImageLayers"
    actions   = ["s3:GetObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::prod-${data.aws_region.current.name}-starport-layer-bucket/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.body_buckets) == 0 ? [] : [1]

    content {
      sid       = "BodiesOfMessages"
      actions   = ["s3:GetObject", "s3:ListBucket"]
      resources = flatten([for bucket in var.body_buckets : ["arn:${data.aws_partition.current.partition}:s3:::${bucket}", "arn:${data.aws_partition.current.partition}:s3:::${bucket}/*"]])

      principals {
        type        = "*"
        identifiers = ["*"]
      }
    }
  }
}

# Costs nothing, and keeps the layers of images off the NAT gateway.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${data.aws_region.current.name}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for table in aws_route_table.private : table.id]
  policy            = data.aws_iam_policy_document.image_layers.json

  tags = { Name = "${var.name}-s3" }
}

# Through an endpoint only identities of this account act: stolen keys of another account carry no data out.
data "aws_iam_policy_document" "this_account" {
  statement {
    sid       = "ThisAccount"
    actions   = ["*"]
    resources = ["*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_security_group" "endpoints" {
  count = var.settings.egress_mode == "endpoints" ? 1 : 0

  name        = "${var.name}-endpoints"
  description = "Interface endpoints of AWS services"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  for_each = var.settings.egress_mode == "endpoints" ? local.private_cidrs : {}

  security_group_id = aws_security_group.endpoints[0].id
  description       = "HTTPS from the tasks in ${each.key}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_endpoint" "interface" {
  for_each = var.settings.egress_mode == "endpoints" ? local.endpoint_services : toset([])

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${data.aws_region.current.name}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = [aws_security_group.endpoints[0].id]
  policy              = data.aws_iam_policy_document.this_account.json

  tags = { Name = "${var.name}-${each.key}" }
}
