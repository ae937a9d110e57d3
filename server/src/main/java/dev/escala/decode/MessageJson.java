package dev.escala.decode;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * The JSON of messages, within limits. A name that an object has twice is malformed; who reads all
 * names of a message sees that for itself, which costs a fraction of what the parser's own look
 * does.
 */
final class MessageJson {
  static final int MAX_DEPTH = 100;
  static final int MAX_NUMBER_LENGTH = 1000;

  /** The largest body of SNS and SQS is 1 MiB; HTTP may bring more. */
  static final int MAX_BYTES = 16 << 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
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

  private static final JsonFactory STRICT =
      FACTORY.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private MessageJson() {}

  static JsonParser parser(byte[] json) {
    return FACTORY.createParser(ObjectReadContext.empty(), json);
  }

  /** One that refuses a name that is there twice. */
  static JsonParser strictParser(byte[] json) {
    return STRICT.createParser(ObjectReadContext.empty(), json);
  }

  /** Names of members may be the same once characters that cannot be stored are taken out. */
  static void requireDistinctNames(byte[] json) {
    try (JsonParser parser = strictParser(json)) {
      while (parser.nextToken() != null) {
        // the parser refuses a name that is there twice
      }
    }
  }
}
