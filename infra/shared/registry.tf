module "images_key" {
  source = "../modules/key"

  name        = "escala-images"
  description = "Images in the registry"
}

resource "aws_ecr_repository" "images" {
  # The server, and images of others that are mirrored here.
  for_each = toset(["escala", "escala-collector"])

  name = each.key
  # A tag means the same image for ever; deployments name digests anyway.
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = module.images_key.arn
  }
}

resource "aws_ecr_lifecycle_policy" "images" {
  for_each = aws_ecr_repository.images

  repository = each.value.name

  # As far as a deployment can be taken back.
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep the last 50 images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 50 }
      action       = { type = "expire" }
    }]
  })
}
