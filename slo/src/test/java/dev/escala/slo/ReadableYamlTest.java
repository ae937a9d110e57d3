package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ReadableYamlTest {
  private static final YAMLMapper READER = new YAMLMapper();

  @Test
  void promQlStandsAsItIsWrittenAndItsLinesAreABlock() {
    assertThat(
            ReadableYaml.of(
                Map.of(
                    "groups",
                    List.of(
                        Map.of("expr", "max by (a, b) (rate(up{c=\"d\"}[5m])) == 0"),
                        Map.of("expr", "sum (\n  up\n)\n/ 2")))))
        .isEqualTo(
            """
            groups:
              - expr: max by (a, b) (rate(up{c="d"}[5m])) == 0
              - expr: |-
                  sum (
                    up
                  )
                  / 2
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yes",
        "null",
        "~",
        "0.5",
        "-1",
        "{{ $labels.system }} is down: it's \"gone\" # now",
        "{a=\"b\"}",
        "[5m]",
        "- a",
        "*a",
        "&a",
        "!a",
        "|",
        "> 1",
        "%a",
        "@a",
        "`a`",
        "'a'",
        "\"a\"",
        "a\\b",
        "a: b",
        "a #b",
        "a\tb",
        "a \nb",
        "  a\nb",
        "a\n\n  b\n",
        "\u0001",
        "é ✈"
      })
  void whateverTheTextItIsReadAsThisText(String text) {
    JsonNode read = READER.readTree(ReadableYaml.of(Map.of("key", text))).get("key");
    assertThat(read.isString()).as(read.toString()).isTrue();
    assertThat(read.asString()).isEqualTo(text);
  }
}
