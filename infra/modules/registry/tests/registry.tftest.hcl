mock_provider "aws" {
  source          = "../testing"
  override_during = plan
}

run "immutable_scanned_encrypted" {
  command = plan

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE" && repository.image_scanning_configuration[0].scan_on_push && repository.encryption_configuration[0].kms_key == module.key.arn])
    error_message = "Images do not change, are scanned and encrypted."
  }

  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.this["escala"].policy).rules[0].selection.countNumber == 50
    error_message = "As many images are kept as a deployment can be taken back."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    repositories = ["Escala"]
    kept_images  = 1
  }

  expect_failures = [var.repositories, var.kept_images]
}
