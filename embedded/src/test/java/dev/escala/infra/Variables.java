package dev.escala.infra;

/** Values that a person would put into terraform.tfvars. */
final class Variables {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  private Variables() {}

  static String dev(String domain, String zone) {
    return """
    team         = "flight-data"
    image        = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala@sha256:%s"
    domain_name  = "flights.%s"
    zone_id      = "%s"
    client_cidrs = ["198.51.100.0/24"]
    """
        .formatted(DIGEST, domain, zone);
  }

  static String shared() {
    return """
    team              = "platform"
    github_repository = "example/escala"
    state_bucket      = "example-escala-states"
    alert_emails      = ["on-call@example.org"]
    """;
  }

  /** With all that a production system has besides. */
  static String prod(String domain, String zone) {
    return dev(domain, zone)
        + """
        alarm_emails = ["on-call@example.org"]
        collector = {
          image            = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/escala-collector@sha256:%s"
          workspace_arn    = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-1"
          remote_write_url = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write"
        }
        """
            .formatted(DIGEST);
  }
}
