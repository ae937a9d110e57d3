package dev.escala.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.escala.architecture.planted.Planted;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.escala");

  private final ImportTable table = ImportTable.ofTheHouse();

  @Test
  void everyImportIsInTheTable() {
    assertThat(table.violations(CLASSES)).isEmpty();
    assertThat(CLASSES.stream().map(c -> c.getPackageName().replace("dev.escala.", "")))
        .as("the test saw every room")
        .containsAll(table.rooms().keySet());
    assertThat(CLASSES.size()).as("classes seen, of some 340").isGreaterThan(300);
  }

  @Test
  void theTableHasNoCycle() {
    assertThat(table.inOrder()).containsExactlyInAnyOrderElementsOf(table.rooms().keySet());
  }

  @Test
  void aPlantedViolationIsFound() {
    Map<String, Set<String>> rooms = new HashMap<>(table.rooms());
    rooms.put("architecture.planted", Set.of("model"));
    JavaClasses planted = new ClassFileImporter().importClasses(Planted.violation());

    assertThat(new ImportTable(rooms, table.homes()).violations(planted))
        .containsExactly(
            Planted.violation().getName()
                + " (architecture.planted) may not import from dev.escala.http",
            Planted.violation().getName() + " (architecture.planted) may not import from java.sql");
  }

  @Test
  void noThreeClassesNeedEachOther() {
    assertThat(new ClassCycles(CLASSES).ofSeveralJobs()).isEmpty();
  }

  @Test
  void aPlantedCycleIsFound() {
    JavaClasses planted = new ClassFileImporter().importPackages("dev.escala.architecture.planted");
    assertThat(new ClassCycles(planted).ofSeveralJobs())
        .singleElement()
        .asString()
        .contains("planted.Cycle,", "planted.CycleBack,", "planted.CycleEnd]");
  }

  @Test
  void concreteClassesAreFinal() {
    assertThat(
            CLASSES.stream()
                .filter(c -> !c.isInterface() && !c.isEnum() && !c.isAnonymousClass())
                .filter(c -> !c.getModifiers().contains(JavaModifier.FINAL))
                .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(c -> c.getName()))
        .isEmpty();
  }
}
