package dev.escala.slo;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.escala.app.EscalaCommand;
import dev.escala.dashboard.GrafanaFiles;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the rooms of this module may import; and that the server knows nothing of them. */
class ImportsTest {
  private static final String[] ROOMS = {"dev.escala.slo..", "dev.escala.dashboard.."};

  private static final JavaClasses OURS = classesOfTheProgramOf(SloBook.class);
  private static final JavaClasses SERVER = classesOfTheProgramOf(EscalaCommand.class);

  private static final ArchRule SLO =
      room("dev.escala.slo", "dev.escala.config", "tools.jackson..");
  private static final ArchRule DASHBOARD =
      room("dev.escala.dashboard", "dev.escala.slo", "tools.jackson..");
  private static final ArchRule COMMAND =
      room(
          "dev.escala.slo.command",
          "dev.escala.slo",
          "dev.escala.dashboard",
          "dev.escala.config",
          "dev.escala.app",
          "picocli");
  private static final ArchRule NO_ROOM_BUT_THESE =
      classes()
          .should()
          .resideInAnyPackage("dev.escala.slo", "dev.escala.dashboard", "dev.escala.slo.command");
  private static final ArchRule NO_CYCLE =
      SlicesRuleDefinition.slices().matching("dev.escala.(**)").should().beFreeOfCycles();
  private static final ArchRule SERVER_WITHOUT_THEM =
      noClasses()
          .should()
          .resideInAnyPackage(ROOMS)
          .orShould()
          .dependOnClassesThat(resideInAnyPackage(ROOMS));

  private static ArchRule room(String room, String... imports) {
    String[] allowed =
        Stream.concat(Stream.of(room, "java..", "org.jspecify.."), Stream.of(imports))
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(not(resideInAnyPackage(allowed)));
  }

  /** Whether that is a jar or a folder depends on how far the build has come. */
  private static JavaClasses classesOfTheProgramOf(Class<?> one) {
    return new ClassFileImporter()
        .importUrl(one.getProtectionDomain().getCodeSource().getLocation());
  }

  @Test
  void roomsImportOnlyWhatTheyMay() {
    List.of(SLO, DASHBOARD, COMMAND, NO_ROOM_BUT_THESE, NO_CYCLE).forEach(rule -> rule.check(OURS));
    assertThat(OURS.size()).as("classes seen, of some 70").isGreaterThan(60);
  }

  @Test
  void theServerHasNoneOfThem() {
    SERVER_WITHOUT_THEM.check(SERVER);
    assertThat(SERVER.size()).as("classes seen, of some 460").isGreaterThan(300);
  }

  @Test
  void aPlantedViolationIsFound() {
    JavaClasses planted = new ClassFileImporter().importClasses(PlantedImport.class);
    assertThat(SLO.evaluate(planted).getFailureReport().getDetails())
        .isNotEmpty()
        .allMatch(told -> told.contains("dev.escala.dashboard"));
    assertThat(SERVER_WITHOUT_THEM.evaluate(planted).hasViolation()).isTrue();
    assertThat(NO_CYCLE.evaluate(planted).hasViolation()).isFalse();
    JavaClasses circle =
        new ClassFileImporter()
            .importClasses(PlantedImport.class, GrafanaFiles.class, SloBook.class);
    assertThat(NO_CYCLE.evaluate(circle).hasViolation()).isTrue();
    JavaClasses stray = new ClassFileImporter().importClasses(EscalaCommand.class);
    assertThat(NO_ROOM_BUT_THESE.evaluate(stray).hasViolation()).isTrue();
  }
}
