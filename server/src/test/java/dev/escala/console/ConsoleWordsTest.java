package dev.escala.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Both languages say everything, and nothing that nobody asks for. */
class ConsoleWordsTest {
  private static final Path SOURCES = Path.of("src/main/resources/dev/escala/console");
  private static final Pattern WORDS =
      Pattern.compile("^  '([\\w.-]+)': '((?:[^'\\\\]|\\\\.)*)',$", Pattern.MULTILINE);
  private static final Pattern USED =
      Pattern.compile("\\b(t|many)\\(([^()]*(?:\\([^()]*\\))?[^()]*)");
  private static final Pattern LITERAL = Pattern.compile("'([a-z]+\\.[\\w.-]+)'");
  private static final Pattern FAMILY = Pattern.compile("`([a-z.]+\\.)\\$\\{");

  private static Map<String, String> words(String language) throws IOException {
    Map<String, String> words = new TreeMap<>();
    WORDS
        .matcher(Files.readString(SOURCES.resolve("text/" + language + ".js")))
        .results()
        .forEach(
            found ->
                assertThat(words.put(found.group(1), found.group(2))).as(found.group(1)).isNull());
    assertThat(words).hasSizeGreaterThan(150);
    return words;
  }

  @Test
  void bothLanguagesHaveTheSameKeysAndPlaces() throws IOException {
    Map<String, String> english = words("en");
    Map<String, String> spanish = words("es");
    assertThat(spanish.keySet()).isEqualTo(english.keySet());
    english.forEach(
        (key, text) ->
            assertThat(places(spanish.getOrDefault(key, ""))).as(key).isEqualTo(places(text)));
    assertThat(spanish.values()).noneMatch(String::isBlank);
  }

  private static Set<String> places(String text) {
    return Pattern.compile("\\{\\w+}")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void eachKeyIsAskedForAndEachThatIsAskedForIsThere() throws IOException {
    Set<String> keys = words("en").keySet();
    Set<String> literals = new TreeSet<>();
    Set<String> families = new TreeSet<>();
    for (String source : sources()) {
      USED.matcher(source)
          .results()
          .forEach(
              use -> {
                boolean many = use.group(1).equals("many");
                LITERAL
                    .matcher(use.group(2))
                    .results()
                    .forEach(key -> literals.add(key.group(1) + (many ? ".other" : "")));
                FAMILY.matcher(use.group(2)).results().forEach(each -> families.add(each.group(1)));
              });
    }
    assertThat(literals).hasSizeGreaterThan(100).allMatch(keys::contains);
    assertThat(keys)
        .allMatch(
            key ->
                literals.contains(key.replaceFirst("\\.one$", ".other"))
                    || families.stream().anyMatch(key::startsWith));
  }

  private static Set<String> sources() throws IOException {
    try (Stream<Path> walk = Files.walk(SOURCES)) {
      return walk.filter(file -> file.toString().endsWith(".js"))
          .filter(file -> !file.toString().matches(".*/text/e[ns]\\.js"))
          .map(ConsoleWordsTest::read)
          .collect(Collectors.toSet());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
