package dev.escala.infra;

import dev.escala.moto.Moto;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
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
  private static final String SYSTEM = "system";
  private static final String MISSING = "missing_override.tf";
  private static final List<String> SERVICES =
      List.of(
          "acm",
          "amp",
          "budgets",
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
        "emulation_override.tf",
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
  void leaveOutScaling() throws IOException {
    write(
        SYSTEM,
        "scaling_override.tf",
        """
        resource "aws_appautoscaling_target" "this" {
          for_each = toset([])
        }

        resource "aws_appautoscaling_policy" "api" {
          count = 0
        }

        resource "aws_appautoscaling_policy" "ingest" {
          count = 0
        }
        """);
  }

  /** While it is applied. */
  void leaveOutWhatIsMissing() throws IOException {
    // SQS does not tell the redrive allow policy, and the provider waits until it does. RDS does
    // not tell the certificate, so the provider would change it once more, which takes minutes.
    write(
        SYSTEM,
        MISSING,
        """
        resource "aws_sqs_queue_redrive_allow_policy" "parked" {
          for_each = {}
        }

        resource "aws_db_instance" "this" {
          ca_cert_identifier = null
        }
        """);
  }

  /** Of the roots that come before a system, in the same way. */
  void leaveOutWhatIsMissingOfTheOthers() throws IOException {
    // S3 takes a denial without its condition: nobody would get at the states any more.
    write(
        "state",
        MISSING,
        """
        resource "aws_s3_bucket_policy" "states" {
          count = 0
        }
        """);
    // Budgets do not tell what they are told, and Prometheus has no Alertmanager.
    write(
        "shared",
        MISSING,
        """
        resource "aws_budgets_budget" "this" {
          count = 0
        }

        resource "aws_prometheus_alert_manager_definition" "this" {
          count = 0
        }
        """);
  }

  /** The root is again what it is in the sources. */
  void putBack() throws IOException {
    Files.delete(terraform.folder(SYSTEM).resolve(MISSING));
  }

  private void write(String folder, String file, String text) throws IOException {
    Files.writeString(terraform.folder(folder).resolve(file), text);
  }
}
