package dev.escala.infra.policy;

import java.util.List;
import java.util.function.Predicate;

/** RDS. */
final class DatabaseRules {
  private static final int LEAST_BACKUP_DAYS = 7;
  private static final String INSTANCE = "aws_db_instance";
  private static final List<String> DATABASES = List.of(INSTANCE, "aws_rds_cluster");
  private static final List<String> PARAMETERS =
      List.of("aws_db_parameter_group", "aws_rds_cluster_parameter_group");

  private DatabaseRules() {}

  static List<Rule> all() {
    return List.of(
        database(
            "CKV_AWS_16",
            "storage is encrypted with an own key",
            db -> db.is("/storage_encrypted") && db.has("/kms_key_id")),
        database("CKV_AWS_17", "is not public", db -> !db.is("/publicly_accessible")),
        database(
            "CKV_AWS_118",
            "the operating system is monitored",
            db -> db.number("/monitoring_interval") > 0 && db.has("/monitoring_role_arn")),
        database(
            "CKV_AWS_129",
            "logs are exported",
            db ->
                db.texts("/enabled_cloudwatch_logs_exports")
                    .containsAll(List.of("postgresql", "upgrade"))),
        database(
            "CKV_AWS_133",
            "backups go back for a week",
            db -> db.number("/backup_retention_period") >= LEAST_BACKUP_DAYS),
        Rule.of("CKV_AWS_157", "has a standby in another zone", INSTANCE, db -> db.is("/multi_az")),
        database(
            "CKV_AWS_161",
            "logins by IAM are possible",
            db -> db.is("/iam_database_authentication_enabled")),
        database(
            "CKV_AWS_211",
            "the certificate is of a current authority",
            db ->
                (db.text("/ca_cert_identifier") + db.text("/ca_certificate_identifier"))
                    .equals("rds-ca-rsa2048-g1")),
        Rule.of(
            "CKV_AWS_226",
            "minor versions come by themselves",
            INSTANCE,
            db -> db.is("/auto_minor_version_upgrade")),
        database("CKV_AWS_293", "resists deletion", db -> db.is("/deletion_protection")),
        database(
            "CKV_AWS_353", "queries are watched", db -> db.is("/performance_insights_enabled")),
        database(
            "CKV_AWS_354",
            "what is seen of queries is encrypted with an own key",
            db -> db.has("/performance_insights_kms_key_id")),
        database("CKV2_AWS_60", "snapshots keep their tags", db -> db.is("/copy_tags_to_snapshot")),
        database(
            "CKV2_AWS_57",
            "RDS makes and rotates the administrator's secret, under an own key",
            db ->
                db.is("/manage_master_user_password")
                    && db.has("/master_user_secret_kms_key_id")
                    && !db.has("/password")
                    && !db.has("/master_password")),
        Rule.of(
            "CKV2_AWS_69",
            "connections without TLS are refused",
            PARAMETERS,
            group -> parameter(group, "rds.force_ssl").equals("1")),
        Rule.of(
            "CKV2_AWS_30",
            "slow statements and changes of tables are logged",
            PARAMETERS,
            group ->
                parameter(group, "log_statement").equals("ddl")
                    && !parameter(group, "log_min_duration_statement").isEmpty()));
  }

  private static Rule database(String id, String text, Predicate<Resource> holds) {
    return Rule.of(id, text, DATABASES, holds);
  }

  private static String parameter(Resource group, String name) {
    return group.each("/parameter").stream()
        .filter(parameter -> parameter.at("/name").asString("").equals(name))
        .map(parameter -> parameter.at("/value").asString(""))
        .findFirst()
        .orElse("");
  }
}
