output "arn" {
  description = "ARN of the key."
  value       = aws_kms_key.this.arn
}

output "user_arns" {
  description = "Whom outside this account the key lets in."
  value       = var.others == null ? toset([]) : var.others.arns
}
