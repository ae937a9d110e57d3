package dev.escala.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** README.es.md says in Spanish what README.md says. */
class SpanishReadmeTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");
  private final String english = RepositoryFiles.read(RepositoryFiles.ROOT.resolve("README.md"));
  private final String spanish = RepositoryFiles.read(RepositoryFiles.ROOT.resolve("README.es.md"));

  /** Commands without what is said beside them. */
  private static List<String> commands(String document) {
    return RepositoryFiles.code(document).stream()
        .map(line -> line.replaceFirst("\\s+# .*", ""))
        .toList();
  }

  private static Set<String> links(String document) {
    return LINK.matcher(document)
        .results()
        .map(link -> link.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long sections(String document) {
    return RepositoryFiles.prose(document).lines().filter(line -> line.startsWith("## ")).count();
  }

  @Test
  void hasTheSameCommands() {
    assertThat(commands(english)).hasSizeGreaterThan(8);
    assertThat(commands(spanish)).isEqualTo(commands(english));
    assertThat(commands(spanish.replace("./escala demo", "./escala planted")))
        .isNotEqualTo(commands(english));
  }

  @Test
  void hasTheSameSectionsAndLeadsToTheSamePlaces() {
    Set<String> expected = links(english);
    assertThat(expected.remove("README.es.md")).isTrue();
    expected.add("README.md");
    assertThat(links(spanish)).isEqualTo(expected);
    assertThat(sections(spanish)).isEqualTo(sections(english)).isPositive();
  }
}
