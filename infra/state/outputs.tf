output "bucket" {
  description = "For -backend-config=bucket=…"
  value       = aws_s3_bucket.states.id
}

output "key_arn" {
  description = "Key of the states: who plans needs kms:Decrypt, who applies also kms:GenerateDataKey."
  value       = module.key.arn
}
