package dev.escala.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The image, as far as it can be had without a container engine. */
@Tag("integration")
@Tag("long")
class ImageIT {
  private static final String CACHE_OR_NOTHING = "-XX:AOTMode=on";

  @TempDir private static Path directory;
  private static EmbeddedDatabase database;
  private static Image image;

  @BeforeAll
  static void assemble() throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/setpriv"))
            && System.getProperty("user.name").equals("root"),
        "SKIPPED: the image is started by root with unshare and setpriv (util-linux)");
    image = Image.assemble(directory);
    database = EmbeddedDatabase.start(Optional.empty());
  }

  @AfterAll
  static void stop() {
    if (database != null) {
      database.close();
    }
  }

  @Test
  void servesFromTheEnvironmentAloneWithoutRightsOnReadOnlyFiles() throws IOException {
    try (RunningImage running =
        RunningImage.start(image, database.url(), List.of(CACHE_OR_NOTHING))) {
      assertThat(running.post("/topics/greetings", "{\"hello\": \"world\"}").body())
          .contains("\"stored\":1");
      assertThat(running.coding("/health", "zstd")).as("with the library there").hasValue("zstd");
      assertThat(running.log()).doesNotContain("\"level\":\"error\"", "WARNING", "[warning]");
    }
  }

  @Test
  void classesComeOutOfTheCacheAndItsGateWouldTell() throws IOException {
    try (FileChannel cache =
        FileChannel.open(
            image.file("/opt/escala/app/escala.aot"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer sound = ByteBuffer.allocate(4);
      cache.read(sound, 0);
      cache.write(ByteBuffer.allocate(4), 0);
      try (RunningImage damaged =
          RunningImage.start(image, database.url(), List.of(CACHE_OR_NOTHING))) {
        assertThat(damaged.alive()).isFalse();
        assertThat(damaged.log()).contains("AOT");
      } finally {
        cache.write(sound.flip(), 0);
      }
    }
    Loaded with = Loaded.by(List.of(CACHE_OR_NOTHING));
    Loaded without = Loaded.by(List.of("-XX:AOTMode=off"));
    assertThat(with.ofCache()).as("of the program itself, %s", with).isGreaterThan(300);
    assertThat(with.ofJars()).as("%s", with).isLessThan(with.ofCache() / 20);
    assertThat(without.ofCache()).as("without the cache, %s", without).isZero();
    assertThat(without.ofJars()).isGreaterThan(300);
  }

  /** Where the classes of the program and its libraries came from until the first answer. */
  private record Loaded(long ofCache, long ofJars) {
    static Loaded by(List<String> options) throws IOException {
      List<String> all = new ArrayList<>(options);
      all.add("-Xlog:class+load");
      try (RunningImage running = RunningImage.start(image, database.url(), all)) {
        assertThat(running.alive()).as(running.log()).isTrue();
        List<String> classes =
            running
                .log()
                .lines()
                .filter(line -> line.matches(".*(dev\\.escala|io\\.vertx)\\..* source: .*"))
                .toList();
        return new Loaded(
            classes.stream().filter(line -> line.contains("source: shared objects file")).count(),
            classes.stream().filter(line -> line.contains(".jar")).count());
      }
    }
  }

  /** Classes as old as picocli's are in no cache; each start would read and verify them anew. */
  @Test
  void startsWithoutTheCommandLine() throws IOException {
    try (RunningImage running =
        RunningImage.start(image, database.url(), List.of("-Xlog:class+load"))) {
      assertThat(running.log()).contains("dev.escala.app.Serve ").doesNotContain("picocli.");
    }
  }

  @Test
  void theCertificatesOfRdsAreWhereTerraformSaysTheyAre() throws IOException {
    assertThat(Files.readString(Path.of("../infra/system/configuration.tf")))
        .contains("\"/opt/escala/rds-ca.pem\"");
    assertThat(image.file("/opt/escala/rds-ca.pem"))
        .hasSameBinaryContentAs(Path.of("../image/rds-ca.pem"));
  }

  @Test
  void theHealthCheckSaysWhetherItIsAlive() throws IOException, InterruptedException {
    Map<String, String> environment;
    try (RunningImage running = RunningImage.start(image, database.url(), List.of())) {
      environment = running.environment();
      assertThat(healthCheck(environment)).isZero();
    }
    assertThat(healthCheck(environment)).isEqualTo(1);
  }

  private static int healthCheck(Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = Dockerfile.shipped().command("HEALTHCHECK");
    return image.start(command, environment, directory.resolve("check.log")).waitFor();
  }

  @Test
  void theBillOfMaterialsListsEveryJar() throws IOException {
    JsonNode bill =
        JsonMapper.shared()
            .readTree(Files.readString(image.file("/opt/escala/app/escala.cdx.json")));
    assertThat(bill.path("bomFormat").stringValue()).isEqualTo("CycloneDX");
    List<String> listed = new ArrayList<>();
    for (JsonNode component : bill.path("components")) {
      String classifier = component.path("purl").stringValue().replaceAll("^[^?]*\\?|type=jar", "");
      listed.add(
          component.path("name").stringValue()
              + "-"
              + component.path("version").stringValue()
              + classifier.replaceAll("&?classifier=", "-").replace("&", "")
              + ".jar");
    }
    assertThat(image.libraries()).hasSizeGreaterThan(50).isSubsetOf(listed);
    listed.removeAll(image.libraries());
    assertThat(listed)
        .as("only compiled against, but the driver's own pom names it for run time")
        .singleElement()
        .asString()
        .startsWith("checker-qual-");
  }
}
