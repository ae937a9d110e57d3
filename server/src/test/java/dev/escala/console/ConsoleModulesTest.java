package dev.escala.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a bundler would have told: each import leads to a file that is served. */
class ConsoleModulesTest {
  private static final Path SOURCES = Path.of("src/main/resources/dev/escala/console");
  private static final Path RUNBOOKS = Path.of("../docs/runbooks");
  private static final Pattern IMPORT =
      Pattern.compile(
          "(?m)(?:^|[;}])(?:import|export)\\s*(?:[\\w*{}\\s,$]*?from\\s*)?[\"']([^\"']+)[\"']"
              + "|\\bimport\\(\\s*[\"']([^\"']+)[\"']\\s*\\)");
  private static final Pattern MAPPED =
      Pattern.compile("\"([^\"]+)\": \"\\./console/@version@/([^\"]+)\"");

  private static final Map<String, String> FILES =
      ConsoleFiles.list().stream()
          .collect(
              Collectors.toMap(
                  ConsoleFiles.Listed::name, listed -> text(listed.resource()), (a, b) -> a));

  private static String text(String resource) {
    try (InputStream in = ConsoleFiles.class.getResourceAsStream(resource)) {
      assertThat(in).as(resource).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Map<String, String> importMap() {
    Map<String, String> map = new LinkedHashMap<>();
    MAPPED
        .matcher(text("index.html"))
        .results()
        .forEach(found -> map.put(found.group(1), found.group(2)));
    assertThat(map).hasSizeGreaterThan(10);
    return map;
  }

  @Test
  void theListHasEachFileThatStandsBesideIt() throws IOException {
    try (Stream<Path> walk = Files.walk(SOURCES);
        Stream<Path> runbooks = Files.list(RUNBOOKS)) {
      Set<String> own =
          Stream.concat(
                  walk.filter(Files::isRegularFile)
                      .map(file -> SOURCES.relativize(file).toString()),
                  runbooks.map(file -> "runbooks/" + file.getFileName()))
              .filter(name -> !Set.of("index.html", "files.list").contains(name))
              .collect(Collectors.toSet());
      assertThat(own).hasSizeGreaterThan(30);
      assertThat(
              ConsoleFiles.list().stream()
                  .filter(listed -> !listed.resource().startsWith("/"))
                  .map(ConsoleFiles.Listed::name))
          .containsExactlyInAnyOrderElementsOf(own);
    }
  }

  @Test
  void eachImportLeadsToAFile() {
    Map<String, String> map = importMap();
    List<String> lost = new ArrayList<>();
    int imports = 0;
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      if (file.getKey().endsWith(".js")) {
        for (String specifier : imports(file.getValue())) {
          imports++;
          if (!FILES.containsKey(resolved(map, file.getKey(), specifier))) {
            lost.add(file.getKey() + " imports " + specifier);
          }
        }
      }
    }
    assertThat(lost).isEmpty();
    assertThat(imports).isGreaterThan(120);
    assertThat(map.values().stream().filter(target -> !target.endsWith("/")))
        .as("targets of the import map")
        .allMatch(FILES::containsKey);
  }

  @Test
  void aPlantedImportIsSeen() {
    assertThat(
            imports(
                "import a from './a.js';import'./b.js';export*from\"c\";\nconst d = await"
                    + " import('./d.js');\nimport {\n  e,\n} from '../e.js';"))
        .containsExactly("./a.js", "./b.js", "c", "./d.js", "../e.js");
    assertThat(resolved(Map.of("c", "lib/c.js"), "a/b.js", "c")).isEqualTo("lib/c.js");
    assertThat(resolved(Map.of("c/", "lib/c/"), "a/b.js", "c/d.js")).isEqualTo("lib/c/d.js");
    assertThat(resolved(Map.of(), "a/b.js", "../e.js")).isEqualTo("e.js");
  }

  private static List<String> imports(String source) {
    return IMPORT
        .matcher(source)
        .results()
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
        .toList();
  }

  private static String resolved(Map<String, String> map, String from, String specifier) {
    if (specifier.startsWith(".")) {
      return URI.create("/" + from).resolve(specifier).getPath().substring(1);
    }
    String exact = map.get(specifier);
    if (exact != null) {
      return exact;
    }
    return map.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("/") && specifier.startsWith(entry.getKey()))
        .map(entry -> entry.getValue() + specifier.substring(entry.getKey().length()))
        .findFirst()
        .orElse("nowhere");
  }
}
