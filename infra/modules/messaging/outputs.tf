output "topic_arn" {
  description = "Where producers publish."
  value       = aws_sns_topic.this.arn
}

output "topic_name" {
  description = "Name of the topic."
  value       = aws_sns_topic.this.name
}

output "queue_url" {
  description = "Where the server receives."
  value       = aws_sqs_queue.this.id
}

output "queue_arn" {
  description = "ARN of the queue."
  value       = aws_sqs_queue.this.arn
}

output "queue_names" {
  description = "Names of the queues: `queue`, `dead_letter` (received too often), `undelivered` (by SNS)."
  value = {
    queue       = aws_sqs_queue.this.name
    dead_letter = aws_sqs_queue.dead_letter.name
    undelivered = aws_sqs_queue.undelivered.name
  }
}

output "dead_letter_queue_arn" {
  description = "ARN of the dead-letter queue."
  value       = aws_sqs_queue.dead_letter.arn
}

output "key_arn" {
  description = "Key of topic and queues: who publishes needs kms:GenerateDataKey and kms:Decrypt, who receives kms:Decrypt."
  value       = module.key.arn
}
