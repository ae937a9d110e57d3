package dev.escala.slo;

import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;
import tools.jackson.dataformat.yaml.util.StringQuotingChecker;

/**
 * YAML for readers: quotes only where a text would be taken for something else, lines as blocks.
 */
final class ReadableYaml {
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER, YAMLWriteFeature.SPLIT_LINES)
                  .enable(
                      YAMLWriteFeature.MINIMIZE_QUOTES,
                      YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS,
                      YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
                  .stringQuotingChecker(new OnlyReserved())
                  .build())
          .build();

  private ReadableYaml() {}

  /** One document. */
  static JsonNode read(String yaml) {
    return MAPPER.readTree(yaml);
  }

  /** Of maps, lists and texts. */
  static String of(Object document) {
    return MAPPER.writeValueAsString(document);
  }

  /**
   * Jackson would put every PromQL with a brace or a comma between double quotes and escape its
   * own. What YAML cannot read without quotes gets single ones from the emitter beneath.
   */
  private static final class OnlyReserved extends StringQuotingChecker {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean needToQuoteName(String name) {
      return isReservedKeyword(name);
    }

    @Override
    public boolean needToQuoteValue(String value) {
      return isReservedKeyword(value);
    }
  }
}
