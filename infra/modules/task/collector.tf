locals {
  # Each task would be localhost:8081 in the workspace, so the instance is named by the task's ARN.
  collector_configuration = var.collector == null ? "" : yamlencode({
    extensions = {
      sigv4auth = { region = local.region, service = "aps" }
    }
    receivers = {
      prometheus = {
        config = {
          global = { scrape_interval = var.collector.every, scrape_timeout = "5s" }
          scrape_configs = [{
            job_name       = "escala"
            honor_labels   = var.collector.honor_labels
            static_configs = [{ targets = ["localhost:8081"] }]
            # What one task may write; a mistake in it must not use up the workspace of all.
            sample_limit             = 5000
            label_limit              = 20
            label_value_length_limit = 256
          }]
        }
      }
    }
    processors = {
      resourcedetection = { detectors = ["ecs"], timeout = "5s" }
      resource = {
        attributes = [{ key = "service.instance.id", from_attribute = "aws.ecs.task.arn", action = "upsert" }]
      }
      memory_limiter = { check_interval = "1s", limit_mib = 150 }
      batch          = {}
    }
    exporters = {
      prometheusremotewrite = { endpoint = var.collector.remote_write_url, auth = { authenticator = "sigv4auth" } }
    }
    service = {
      extensions = ["sigv4auth"]
      pipelines = {
        metrics = {
          receivers  = ["prometheus"]
          processors = ["memory_limiter", "resourcedetection", "resource", "batch"]
          exporters  = ["prometheusremotewrite"]
        }
      }
    }
  })
}
