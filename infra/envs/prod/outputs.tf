output "system" {
  description = "Everything the system says of itself: addresses, topic, queue, configuration, and what a deployment needs."
  value       = module.system
}
