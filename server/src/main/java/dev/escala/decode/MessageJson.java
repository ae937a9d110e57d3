package dev.escala.decode;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** The JSON of messages, within limits; a name that an object has twice is malformed. */
final class MessageJson {
  static final int MAX_DEPTH = 100;
  static final int MAX_NUMBER_LENGTH = 1000;

  /** The largest body of SNS and SQS is 1 MiB; HTTP may bring more. */
  static final int MAX_BYTES = 16 << 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // No JSON, but written by many: what becomes of it is a policy of the column.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxNameLength(MAX_BYTES)
                  .maxStringLength(MAX_BYTES)
                  .build())
          .build();

  private MessageJson() {}

  static JsonParser parser(byte[] json) {
    return FACTORY.createParser(ObjectReadContext.empty(), json);
  }

  /** Names of members may be the same once characters that cannot be stored are taken out. */
  static void requireDistinctNames(byte[] json) {
    try (JsonParser parser = parser(json)) {
      while (parser.nextToken() != null) {
        // the parser refuses a name that is there twice
      }
    }
  }
}
