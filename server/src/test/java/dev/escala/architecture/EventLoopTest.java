package dev.escala.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.escala.architecture.planted.Planted;
import org.junit.jupiter.api.Test;

/** What health and observations call on an event loop takes no lock that is held over I/O. */
class EventLoopTest {

  @Test
  void noLockIsHeldOverIo() {
    JavaClasses product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.escala");
    EventLoopRule rule = new EventLoopRule(product);

    assertThat(rule.violations()).isEmpty();
    assertThat(rule.entries()).as("probes and observers").hasSizeGreaterThan(8);
    assertThat(rule.reached()).as("methods that they call").hasSizeGreaterThan(60);
  }

  @Test
  void aPlantedViolationIsFound() {
    JavaClasses planted =
        new ClassFileImporter()
            .importClasses(
                Planted.probe(),
                dev.escala.observe.HealthProbe.class,
                dev.escala.source.Source.class);

    assertThat(new EventLoopRule(planted).violations())
        .containsExactly(
            "dev.escala.architecture.planted.PlantedProbe.status takes a lock that"
                + " dev.escala.architecture.planted.PlantedProbe.failed holds over I/O");
  }
}
