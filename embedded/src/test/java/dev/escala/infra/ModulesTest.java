package dev.escala.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.escala.testing.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests that each module brings along, two modules at a time, and validates the roots. */
@Tag("long")
class ModulesTest {
  private static final Pattern SUMMARY = Pattern.compile("Success! (\\d+) passed, 0 failed\\.");

  /** Each run starts the provider several times; more at once would only wait for each other. */
  private static final ExecutorService AT_ONCE = Executors.newFixedThreadPool(2);

  @TempDir static Path directory;
  private static Terraform terraform;

  @BeforeAll
  static void find() throws IOException {
    terraform = Terraform.orSkip(directory);
  }

  @AfterAll
  static void end() {
    AT_ONCE.shutdownNow();
  }

  /** Started all at once; each test waits for its own. */
  @TestFactory
  Stream<DynamicTest> everyModuleHoldsItsTests() {
    Map<String, Future<Ended>> modules = new LinkedHashMap<>();
    for (String folder : Hcl.tested()) {
      modules.put(folder, AT_ONCE.submit(() -> test(folder)));
    }
    assertThat(modules).hasSizeGreaterThan(5).containsKeys("system", "shared");
    return modules.entrySet().stream()
        .map(module -> dynamicTest(module.getKey(), () -> assertPassed(module.getValue().get())));
  }

  private static Ended test(String folder) throws IOException, InterruptedException {
    terraform.init(folder);
    return terraform.run(folder, "test");
  }

  private static void assertPassed(Ended result) {
    Matcher summary = SUMMARY.matcher(result.output());
    assertThat(summary.find()).as(result.output()).isTrue();
    assertThat(Integer.parseInt(summary.group(1))).as("tests of the module").isPositive();
    assertThat(result.exitCode()).isZero();
  }

  @TestFactory
  Stream<DynamicTest> everyRootIsValid() {
    Map<String, Future<Ended>> roots = new LinkedHashMap<>();
    for (String root : Hcl.roots()) {
      roots.put(root, AT_ONCE.submit(() -> validate(root)));
    }
    assertThat(roots).isNotEmpty();
    return roots.entrySet().stream()
        .map(root -> dynamicTest(root.getKey(), () -> root.getValue().get().orFail()));
  }

  private static Ended validate(String root) throws IOException, InterruptedException {
    terraform.init(root);
    return terraform.run(root, "validate");
  }

  @Test
  void everythingIsFormatted() throws IOException, InterruptedException {
    assertThat(terraform.run(".", "fmt", "-check", "-recursive").orFail().output()).isBlank();
  }

  @Test
  void whatIsNotFormattedIsFound(@TempDir Path planted) throws IOException, InterruptedException {
    Terraform there = new Terraform(terraform.provider(), planted);
    Files.createDirectories(there.folder("."));
    Files.writeString(there.folder("planted.tf"), "locals {\n a=1\n}\n");

    Ended result = there.run(".", "fmt", "-check");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains("planted.tf");
  }

  /** A module that made its database public would fail its own postcondition. */
  @Test
  void aPlantedPublicDatabaseIsRefused(@TempDir Path planted)
      throws IOException, InterruptedException {
    Terraform there = Terraform.orSkip(planted);
    Path instance = there.folder("system/instance.tf");
    String source = Files.readString(instance);
    assertThat(source).contains("publicly_accessible    = false");
    Files.writeString(
        instance,
        source.replace("publicly_accessible    = false", "publicly_accessible    = true"));

    there.init("system");
    Ended result = there.run("system", "test", "-filter=tests/database.tftest.hcl");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains("The database is reachable from the internet");
  }
}
