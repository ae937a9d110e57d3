data "aws_availability_zones" "available" {
  state = "available"

  # Local zones have neither NAT gateways nor Fargate.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= var.settings.zone_count
      error_message = "The region has ${length(self.names)} zones, fewer than zone_count (${var.settings.zone_count})."
    }
  }
}

locals {
  zones = slice(data.aws_availability_zones.available.names, 0, var.settings.zone_count)

  # Sixteenths of the range: 0 to 2 tasks, 4 to 6 load balancer and NAT, 8 to 10 database.
  private_cidrs = { for index, zone in local.zones : zone => cidrsubnet(var.settings.cidr, 4, index) }
  public_cidrs  = { for index, zone in local.zones : zone => cidrsubnet(var.settings.cidr, 4, 4 + index) }
  data_cidrs    = { for index, zone in local.zones : zone => cidrsubnet(var.settings.cidr, 4, 8 + index) }

  # Without one of them no task starts or works.
  endpoint_services = toset(["aps-workspaces", "ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "sns", "sqs", "sts"])

  nat_zones = var.settings.egress_mode == "endpoints" ? [] : var.settings.nat_per_zone ? local.zones : slice(local.zones, 0, 1)
}

resource "aws_vpc" "this" {
  cidr_block           = var.settings.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }
}

# Whatever is started without a group of its own can talk to nobody.
resource "aws_default_security_group" "closed" {
  vpc_id  = aws_vpc.this.id
  ingress = []
  egress  = []

  tags = { Name = "${var.name}-default-closed" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = var.name }
}

resource "aws_subnet" "public" {
  for_each = local.public_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-public-${each.key}" }
}

resource "aws_subnet" "private" {
  for_each = local.private_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_subnet" "data" {
  for_each = local.data_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-data-${each.key}" }
}
