package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.moto.Moto;
import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ops/deploy/rehearse} against moto's RDS, which restores without any rows. */
@Tag("integration")
@Tag("long")
class RehearsalTest {
  private static final String DATABASE = "flights-dev";
  private static final String CLUSTER = "crew-prod";

  private static Moto moto;
  private static Shell shell;

  @BeforeAll
  static void aDatabaseWithABackup() throws IOException, InterruptedException {
    for (String tool : List.of("aws", "jq")) {
      assumeTrue(Tool.isInstalled(tool), "SKIPPED: a rehearsal needs " + tool);
    }
    moto = Moto.orSkip(Stage.REGION, Map.of());
    shell =
        new Shell(
            Map.of(
                "AWS_ENDPOINT_URL", moto.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_DEFAULT_REGION", Stage.REGION,
                "AWS_PAGER", ""));
    String subnets =
        shell.must("aws ec2 describe-subnets --query Subnets[].SubnetId --output text".split(" "));
    List<String> group =
        new ArrayList<>(
            List.of("aws rds create-db-subnet-group --db-subnet-group-name flights".split(" ")));
    group.addAll(List.of("--db-subnet-group-description", "flights", "--subnet-ids"));
    group.addAll(List.of(subnets.split("\\s+")));
    shell.must(group.toArray(String[]::new));
    shell.must(
        ("aws rds create-db-instance --db-instance-identifier flights-dev --engine postgres"
             + " --engine-version 17.2 --db-instance-class db.t4g.micro --allocated-storage 20"
             + " --db-name flights --master-username escala_admin --master-user-password secret12"
             + " --db-subnet-group-name flights --backup-retention-period 7")
            .split(" "));
    makeCluster(CLUSTER);
  }

  private static void makeCluster(String name) throws IOException, InterruptedException {
    shell.must(
        ("aws rds create-db-cluster --engine postgres --engine-version 17.2"
                + " --db-cluster-instance-class db.m6gd.large --storage-type gp3"
                + " --allocated-storage 100 --database-name crew --master-username escala_admin"
                + " --master-user-password secret12 --db-subnet-group-name flights"
                + " --backup-retention-period 14 --db-cluster-identifier "
                + name)
            .split(" "));
  }

  private static void removeCluster(String name) throws IOException, InterruptedException {
    shell.must(
        ("aws rds delete-db-cluster --skip-final-snapshot --db-cluster-identifier " + name)
            .split(" "));
  }

  @AfterAll
  static void stop() {
    if (moto != null) {
      moto.close();
    }
  }

  private static Ended rehearse(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("..", "ops", "deploy", "rehearse").toString());
    command.addAll(List.of("--every", "1"));
    command.addAll(List.of(arguments));
    return shell.run(command);
  }

  private static List<String> databases() throws IOException, InterruptedException {
    return List.of(
        shell
            .must(
                "aws rds describe-db-instances --query DBInstances[].DBInstanceIdentifier --output text"
                    .split(" "))
            .split("\\s+"));
  }

  @Test
  void theNewestBackupIsRestoredAndTheCopyRemoved() throws IOException, InterruptedException {
    Ended ended = rehearse("--database", DATABASE);

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("restored as flights-dev-rehearsal", "flights-dev-rehearsal is being deleted");
    assertThat(databases()).containsExactly(DATABASE);
  }

  /** Of tier critical: a writer and two standbys, whose backup is that of all. */
  @Test
  void aClusterIsRestoredToo() throws IOException, InterruptedException {
    Ended ended = rehearse("--database", CLUSTER);

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("restored as crew-prod-rehearsal", "crew-prod-rehearsal is being deleted");
    assertThat(clusters()).containsExactly(CLUSTER);
  }

  /** Of a cluster of its own: the emulator backs up no name twice within a minute. */
  @Test
  void whatIsToStayStays() throws IOException, InterruptedException {
    makeCluster("hold-prod");
    try {
      assertThat(rehearse("--database", "hold-prod", "--keep").exitCode()).isZero();
      assertThat(clusters()).contains("hold-prod-rehearsal");
      removeCluster("hold-prod-rehearsal");
    } finally {
      removeCluster("hold-prod");
    }
  }

  private static List<String> clusters() throws IOException, InterruptedException {
    return List.of(
        shell
            .must(
                "aws rds describe-db-clusters --query DBClusters[].DBClusterIdentifier --output text"
                    .split(" "))
            .split("\\s+"));
  }

  @Test
  void aBackupThatIsTooOldIsAFailure() throws IOException, InterruptedException {
    Ended ended = rehearse("--database", DATABASE, "--older-than", "-1");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output()).contains("FAILED the newest backup is 0 h old");
    assertThat(databases()).containsExactly(DATABASE);
  }

  @Test
  void aDatabaseThatIsNotThereIsAFailure() throws IOException, InterruptedException {
    assertThat(rehearse("--database", "nobody").exitCode()).isEqualTo(1);
  }
}
