package dev.escala.infra;

import dev.escala.moto.Moto;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Override files, put into the copy of infra/ only, that lead the provider to an emulator and leave
 * out what the emulator does not know. The sources have no switch for it.
 *
 * @param terraform whose copy is changed
 */
record Emulation(Terraform terraform, URI endpoint) {
  private static final String REGION = "eu-west-1";
  private static final List<String> SERVICES =
      List.of(
          "acm",
          "amp",
          "cloudwatch",
          "ec2",
          "ecr",
          "ecs",
          "elbv2",
          "iam",
          "kms",
          "logs",
          "rds",
          "route53",
          "s3",
          "secretsmanager",
          "sns",
          "sqs",
          "sts",
          "wafv2");

  /** The emulator as these roots need it. */
  static Moto orSkip() throws IOException, InterruptedException {
    return Moto.orSkip(
        REGION, Map.of("MOTO_IAM_LOAD_MANAGED_POLICIES", "true", "MOTO_ACM_VALIDATION_WAIT", "0"));
  }

  /** A root then keeps its state in its folder, and talks to the emulator alone. */
  void redirect(String root) throws IOException {
    StringBuilder endpoints = new StringBuilder();
    for (String service : SERVICES) {
      endpoints.append("    %s = \"%s\"\n".formatted(service, endpoint));
    }
    write(
        root,
        """
        terraform {
          backend "local" {}
        }

        provider "aws" {
          access_key                  = "test"
          secret_key                  = "test"
          skip_credentials_validation = true
          skip_metadata_api_check     = true
          s3_use_path_style           = true

          endpoints {
        %s  }
        }
        """
            .formatted(endpoints));
  }

  /** Application Auto Scaling has no ListTagsForResource there. */
  void leaveOutScaling(String root) throws IOException {
    Path override = override(root);
    Files.writeString(
        override,
        Files.readString(override)
            + """

            module "system" {
              create_autoscaling = false
            }
            """);
  }

  /** While it is applied. */
  void leaveOutWhatIsMissing() throws IOException {
    // SQS does not tell the redrive allow policy, and the provider waits until it does.
    write(
        "modules/messaging",
        """
        resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
          count = 0
        }

        resource "aws_sqs_queue_redrive_allow_policy" "undelivered" {
          count = 0
        }
        """);
    // RDS does not tell the certificate, so the provider would change it once more, which takes
    // minutes.
    write(
        "modules/database",
        """
        resource "aws_db_instance" "this" {
          ca_cert_identifier = null
        }
        """);
  }

  /** The modules are again what they are in the sources. */
  void putBack() throws IOException {
    Files.delete(override("modules/messaging"));
    Files.delete(override("modules/database"));
  }

  private void write(String folder, String text) throws IOException {
    Files.writeString(override(folder), text);
  }

  private Path override(String folder) {
    return terraform.folder(folder).resolve("emulation_override.tf");
  }
}
