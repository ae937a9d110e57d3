package dev.escala.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a document leads to or names is there: files, sections, tests with their methods, rules. */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]+))?\\)");
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern TEST = Pattern.compile("([A-Z]\\w+(?:Test|IT|Rule))(?:\\.(\\w+))?");
  private static final Pattern RULE = Pattern.compile("CKV2?_AWS_\\d+|ESC_\\d+");
  private static final Pattern FILE =
      Pattern.compile("(?:server|slo|embedded|bench|infra|ops|docs|image|\\.github)/[\\w./-]+");

  /** What a build makes, or whoever runs Terraform: in no commit. */
  private static final Set<String> MADE = Set.of("/target/", ".tfvars");

  /** Every class of a test source by its name. */
  private static final Map<String, String> TESTS =
      RepositoryFiles.files(".java").stream()
          .filter(file -> file.toString().contains("src/test/java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  RepositoryFiles::read,
                  (one, other) -> one + other));

  private static final Set<String> RULES =
      TESTS.values().stream()
          .flatMap(text -> Pattern.compile("\"(" + RULE + ")\"").matcher(text).results())
          .map(result -> result.group(1))
          .collect(Collectors.toSet());

  static List<Path> documents() {
    List<Path> documents = RepositoryFiles.files(".md");
    assertThat(documents).hasSizeGreaterThan(50);
    return documents;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void leadsAndNamesNothingThatIsNotThere(Path document) {
    assertThat(dangling(document, RepositoryFiles.read(document))).isEmpty();
  }

  /** A sentence for each reference without an object. */
  private static List<String> dangling(Path document, String text) {
    String prose = RepositoryFiles.prose(text);
    List<String> dangling = new ArrayList<>();
    LINK.matcher(prose)
        .results()
        .forEach(link -> brokenLink(document, link).ifPresent(dangling::add));
    CODE.matcher(prose)
        .results()
        .forEach(code -> unknownName(code.group(1)).ifPresent(dangling::add));
    return dangling;
  }

  private static Optional<String> brokenLink(Path document, MatchResult link) {
    String to = URLDecoder.decode(link.group(1), StandardCharsets.UTF_8);
    if (to.matches("[a-z]+:.*")) {
      return Optional.empty();
    }
    Path target = to.isEmpty() ? document : document.resolveSibling(to);
    if (!Files.exists(target)) {
      return Optional.of("no file " + to);
    }
    String section = link.group(2);
    return section == null || sections(target).contains(section)
        ? Optional.empty()
        : Optional.of("no section " + section + " in " + to);
  }

  /** As GitHub makes anchors of headings. */
  private static Set<String> sections(Path document) {
    return RepositoryFiles.prose(RepositoryFiles.read(document))
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static Optional<String> unknownName(String name) {
    var test = TEST.matcher(name);
    if (test.matches()) {
      String source = TESTS.get(test.group(1));
      if (source == null) {
        return Optional.of("no test " + test.group(1));
      }
      String member = test.group(2);
      return member == null || Pattern.compile("\\b" + member + "\\(").matcher(source).find()
          ? Optional.empty()
          : Optional.of("no " + member + " in " + test.group(1));
    }
    if (RULE.matcher(name).matches()) {
      return RULES.contains(name) ? Optional.empty() : Optional.of("no rule " + name);
    }
    return FILE.matcher(name).matches() && !isThere(name)
        ? Optional.of("no file " + name)
        : Optional.empty();
  }

  private static boolean isThere(String file) {
    return Files.exists(RepositoryFiles.ROOT.resolve(file))
        || MADE.stream().anyMatch(file::contains);
  }

  @ParameterizedTest
  @CsvSource({
    "[a](planted.md), no file planted.md",
    "[a](../README.md#planted), no section planted in ../README.md",
    "`PlantedTest`, no test PlantedTest",
    "`DiagramTest.planted`, no planted in DiagramTest",
    "`WorkflowRule.PLANTED`, no PLANTED in WorkflowRule",
    "`ESC_999`, no rule ESC_999",
    "`CKV_AWS_99999`, no rule CKV_AWS_99999",
    "`ops/planted.yml`, no file ops/planted.yml"
  })
  void aPlantedReferenceIsFound(String planted, String told) {
    Path document = RepositoryFiles.ROOT.resolve("docs/planted.md");
    assertThat(dangling(document, "See " + planted + ".")).containsExactly(told);
    assertThat(dangling(document, "```sh\n" + planted + "\n```\n")).isEmpty();
  }

  @Test
  void whatIsThereIsNotReported() {
    assertThat(
            dangling(
                RepositoryFiles.ROOT.resolve("docs/some.md"),
                "[a](../README.md#what-you-get) [b](api.md) `DiagramTest` `ESC_12` `ops/slo`"
                    + " `PolicyTest.theRootsHoldAllRules`"))
        .isEmpty();
  }

  @Test
  void eachLineOfTheBriefHasItsPlaceItsProofAndItsArgument() {
    String brief = RepositoryFiles.read(RepositoryFiles.ROOT.resolve("docs/brief.md"));
    assertThat(lines(brief)).hasSize(28);
    assertThat(incomplete(brief)).isEmpty();
    assertThat(
            incomplete(
                "| 1. Planted | [a](a.md) | none | [b](b.md) |\n"
                    + "| 2. Planted | | `DiagramTest` | |\n"))
        .containsExactly(
            "1. Planted: names no test",
            "2. Planted: is built nowhere",
            "2. Planted: is argued nowhere");
  }

  private static Stream<String[]> lines(String brief) {
    return brief
        .lines()
        .filter(line -> line.matches("\\| \\d.*"))
        .map(line -> line.substring(2).split(" ?\\| ?", -1));
  }

  private static List<String> incomplete(String brief) {
    List<String> incomplete = new ArrayList<>();
    lines(brief)
        .forEach(
            cells -> {
              if (cells[1].isBlank()) {
                incomplete.add(cells[0] + ": is built nowhere");
              }
              if (!Pattern.compile("`\\w+(Test|IT)[.`]").matcher(cells[2]).find()) {
                incomplete.add(cells[0] + ": names no test");
              }
              if (!LINK.matcher(cells[3]).find()) {
                incomplete.add(cells[0] + ": is argued nowhere");
              }
            });
    return incomplete;
  }
}
