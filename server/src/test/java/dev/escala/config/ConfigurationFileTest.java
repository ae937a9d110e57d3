package dev.escala.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConfigurationFileTest {
  private enum Colour {
    RED,
    DARK_GREEN
  }

  private record Read(
      String text, int number, Duration duration, long bytes, Colour colour, boolean flag) {}

  private static Read reader(Section root) {
    Section section = root.section("a");
    return new Read(
        section.text("text"),
        section.integer("number", 7, 1, 10),
        section.duration("duration", Duration.ofSeconds(1)),
        section.bytes("bytes", 1),
        section.choice("colour", Colour.RED),
        section.flag("flag", false));
  }

  private static <T> T read(String yaml, Function<Section, T> reader)
      throws ConfigurationException {
    return ConfigurationFile.read("escala.yaml", yaml, Map.of("NAME", "value")::get, reader);
  }

  private static List<String> errors(String yaml, Function<Section, ?> reader) {
    try {
      read(yaml, reader);
      return List.of();
    } catch (ConfigurationException expected) {
      return expected.errors();
    }
  }

  @Test
  void readsTypedValues() throws ConfigurationException {
    assertThat(
            read(
                "a: {text: x, number: 3, duration: 5m, bytes: 8MiB, colour: dark-green, flag:"
                    + " true}",
                ConfigurationFileTest::reader))
        .isEqualTo(new Read("x", 3, Duration.ofMinutes(5), 8 << 20, Colour.DARK_GREEN, true));
  }

  @Test
  void tellsAllErrorsAtOnce() {
    assertThat(
            errors(
                "a: {number: 11, duration: 5, bytes: 8MB, colour: blue, flag: yes, flags: true}\n"
                    + "b: 1",
                ConfigurationFileTest::reader))
        .containsExactly(
            "a.text: is missing",
            "a.number: must be a whole number from 1 to 10, not 11",
            "a.duration: must be a duration such as 200ms, 5s, 2m, 1h or 400d, not 5",
            "a.bytes: must be a size such as 512KiB or 8MiB, not 8MB",
            "a.colour: must be one of red, dark-green, not blue",
            "a.flag: must be true or false, not yes",
            "b: is not a known key; did you mean a?",
            "a.flags: is not a known key; did you mean flag?");
  }

  @Test
  void putsTheEnvironmentIn() throws ConfigurationException {
    String text = read("a: '${NAME}-${OTHER:default}-${EMPTY:}'", root -> root.text("a"));
    assertThat(text).isEqualTo("value-default-");
    assertThat(errors("a: ${MISSING}", root -> root.optionalText("a")))
        .containsExactly(
            "a: the environment variable MISSING is not set; set it, or write ${MISSING:default}");
  }

  @Test
  void anEmptyTextAfterSubstitutionIsAbsent() throws ConfigurationException {
    Optional<String> text = read("a: ${MISSING:}", root -> root.optionalText("a"));
    assertThat(text).isEmpty();
  }

  @Test
  void saysWhereTheYamlIsMalformed() {
    assertThatThrownBy(() -> read("a: [1\nb: 2", root -> root))
        .asInstanceOf(type(ConfigurationException.class))
        .satisfies(
            exception -> assertThat(exception.errors().getFirst()).startsWith("line 2, column"));
    assertThat(errors("a: 1\na: 2", root -> root.text("a")).getFirst())
        .contains("line 2")
        .containsIgnoringCase("duplicate");
    assertThat(errors("- 1", root -> root)).containsExactly("the file must be a mapping of keys");
  }

  @Test
  void sectionsAndListsKnowTheirPath() {
    assertThat(
            errors(
                "topics: {x: {tabel: a}}\nsources: [{sqs: {}}, 5]",
                root -> {
                  root.sections("topics").values().forEach(topic -> topic.text("table"));
                  root.list("sources").forEach(source -> source.section("sqs").text("queue"));
                  return root;
                }))
        .containsExactly(
            "topics.x.table: is missing",
            "sources[1]: must be a mapping of keys to values",
            "sources[0].sqs.queue: is missing",
            "topics.x.tabel: is not a known key; did you mean table?");
  }

  /** Several components read a value, and each of them says what it thinks of it. */
  @Test
  void tellsEachErrorOnce() {
    assertThat(
            errors(
                "a: {url: x}",
                root -> {
                  for (int readers = 0; readers < 2; readers++) {
                    Section a = root.section("a");
                    a.reject("url", "must begin with y, not " + a.text("url"));
                    a.text("name");
                  }
                  return root;
                }))
        .containsExactly("a.url: must begin with y, not x", "a.name: is missing");
  }

  @Test
  void doesNotTellWhatOnlyFollows() {
    assertThat(
            errors(
                "a: '${MISSING}://${GONE}'\nb: [1]\nbb: {}\nc: ${MISSING}",
                root -> {
                  root.reject("a", "must be a URL, not " + root.text("a"));
                  root.section("b").text("name");
                  root.section("bb").text("name");
                  root.reject("b.names", "are none");
                  root.reject("c", "is not c" + root.text("c"));
                  return root;
                }))
        .containsExactly(
            "a: the environment variable MISSING is not set; set it, or write ${MISSING:default}",
            "a: the environment variable GONE is not set; set it, or write ${GONE:default}",
            "b: must be a mapping of keys to values",
            "bb.name: is missing",
            "c: the environment variable MISSING is not set; set it, or write ${MISSING:default}");
  }

  @Test
  void theEmptyFileIsAnEmptyMapping() throws ConfigurationException {
    int number = read("", root -> root.integer("a", 5, 0, 9));
    assertThat(number).isEqualTo(5);
  }
}
