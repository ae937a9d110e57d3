package dev.escala.decode.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.schema.MessageSchema.Misfit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Whether a message fits, and where it does not. */
class MessageSchemaTest {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final String FLIGHT =
      """
      {"required": ["id"], "additionalProperties": false, "properties": {
        "id": {"type": "string", "pattern": "^[A-Z]+$", "maxLength": 5},
        "delay": {"type": "integer", "maximum": 10},
        "price": {"multipleOf": 0.01},
        "big": {"const": 9007199254740993},
        "status": {"enum": ["on time", "late"]},
        "stops": {"type": "array", "items": {"type": "object", "required": ["at"]}, "maxItems": 3},
        "note": {"type": ["string", "null"]}}}\
      """;

  @TempDir private Path folder;

  private MessageSchema schema(String text) {
    try {
      SchemaFile file = new SchemaFile(Files.writeString(folder.resolve("schema.json"), text));
      Optional<MessageSchema> schema = file.schema();
      assertThat(file.errors()).isEmpty();
      return schema.orElseThrow();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private Optional<Misfit> misfit(String schema, String message) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), message)) {
      return schema(schema).misfit(parser, message.length());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":"AB"}
          {"id":"AB","delay":10,"price":0.07,"big":9007199254740993}
          {"id":"AB","delay":10.0,"price":1e3}
          {"id":"AB","note":NaN,"stops":[{"at":1},{"at":null}]}
          [1]
          "id"
          """)
  void fits(String message) {
    assertThat(misfit(FLIGHT, message)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} | id | the message does not fit required (id), at #/required of the schema
          {"id":"secret"} | id | /id does not fit pattern "^[A-Z]+$", at #/properties/id/pattern of the schema
          {"id":"SECRET"} | id | /id does not fit maxLength 5, at #/properties/id/maxLength of the schema
          {"id":"AB\\n"} | id | /id does not fit pattern "^[A-Z]+$", at #/properties/id/pattern of the schema
          {"id":5} | id | /id does not fit type "string", at #/properties/id/type of the schema
          {"id":"A","delay":11} | delay | /delay does not fit maximum 10, at #/properties/delay/maximum of the schema
          {"id":"A","delay":1.5} | delay | /delay does not fit type "integer", at #/properties/delay/type of the schema
          {"id":"A","delay":NaN} | delay | /delay does not fit type "integer", at #/properties/delay/type of the schema
          {"id":"A","price":0.071} | price | /price does not fit multipleOf 0.01, at #/properties/price/multipleOf of the schema
          {"id":"A","big":9007199254740992} | big | /big does not fit const 9007199254740993, at #/properties/big/const of the schema
          {"id":"A","status":"secret"} | status | /status does not fit enum, at #/properties/status/enum of the schema
          {"id":"A","stops":[{"at":1},{"gate":"secret"}]} | stops | /stops/1 does not fit required (at), at #/properties/stops/items/required of the schema
          {"id":"A","stops":[{"at":1},2]} | stops | /stops/1 does not fit type "object", at #/properties/stops/items/type of the schema
          {"id":"A","other":"secret"} | other | the message does not fit additionalProperties (other), at #/additionalProperties of the schema
          {"id":"A","price":1e999999999} |  | has a number of so many digits that no schema can be held to it
          {"id":"A","price":1e-999999999} |  | has a number of so many digits that no schema can be held to it
          """)
  void doesNotFit(String message, String field, String detail) {
    assertThat(misfit(FLIGHT, message)).contains(new Misfit(field, detail));
  }

  @Test
  void oldDraftsAreHeldToTheirRules() {
    String draft7 =
        """
        {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"n": {"minimum": 1}},
         "properties": {"n": {"$ref": "#/definitions/n", "type": "string"}},
         "dependencies": {"n": ["at"]}}\
        """;
    assertThat(misfit(draft7, "{\"n\":1,\"at\":\"2026-11-29T00:00:00Z\"}")).isEmpty();
    assertThat(misfit(draft7, "{\"n\":0,\"at\":\"2026-11-29T00:00:00Z\"}")).isPresent();
    assertThat(misfit(draft7, "{\"n\":1}")).isPresent();
  }

  /** The validator's own expressions for them take seconds for some texts, or fill the stack. */
  @ParameterizedTest
  @ValueSource(
      strings = {"email", "hostname", "idn-hostname", "uri", "uri-template", "regex", "date-time"})
  void aFormatIsARemarkInEachDraft(String format) {
    String schema =
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
            + "\"properties\":{\"a\":{\"format\":\"%s\"}}}".formatted(format);
    assertThat(misfit(schema, "{\"a\":\"" + "1.(".repeat(10_000) + "\"}")).isEmpty();
  }

  @Test
  void anExpressionThatWouldTryForYearsIsGivenUp() {
    String schema = "{\"properties\":{\"a\":{\"pattern\":\"^(a+)+b$\"}}}";
    assertThat(misfit(schema, "{\"a\":\"aaab\"}")).isEmpty();
    assertThat(misfit(schema, "{\"a\":\"" + "a".repeat(10_000) + "\"}"))
        .map(Misfit::detail)
        .hasValueSatisfying(it -> assertThat(it).contains("takes too long", "expressions"));
    assertThat(misfit("{\"not\":" + schema + "}", "{\"a\":\"" + "a".repeat(10_000) + "\"}"))
        .as("also where it must not fit")
        .isPresent();
  }

  @Test
  void anExpressionThatGoesTooDeepIsGivenUp() {
    String schema = "{\"properties\":{\"a\":{\"pattern\":\"^(x|y)*$\"}}}";
    assertThat(misfit(schema, "{\"a\":\"" + "xy".repeat(100) + "\"}")).isEmpty();
    assertThat(misfit(schema, "{\"a\":\"" + "xy".repeat(1_000_000) + "\"}"))
        .map(Misfit::detail)
        .hasValueSatisfying(it -> assertThat(it).contains("takes too long"));
  }

  @Test
  void aLongTextIsNoReason() {
    String schema = "{\"properties\":{\"a\":{\"pattern\":\"^[a-z ]*$\",\"minLength\":1}}}";
    assertThat(misfit(schema, "{\"a\":\"" + "some words ".repeat(100_000) + "\"}")).isEmpty();
  }

  @Test
  void manyValuesAreNoReason() {
    String schema = "{\"properties\":{\"a\":{\"items\":{\"type\":\"integer\",\"minimum\":0}}}}";
    assertThat(misfit(schema, "{\"a\":[0" + ",1".repeat(200_000) + "]}")).isEmpty();
  }

  /** Each level asks for the next one twice. */
  @Test
  void aSchemaThatTakesTooManyStepsIsGivenUp() {
    StringBuilder schema =
        new StringBuilder("{\"properties\":{\"a\":{\"$ref\":\"#/$defs/l0\"}},\"$defs\":{");
    for (int i = 0; i < 40; i++) {
      String next = "{\"$ref\":\"#/$defs/l" + (i + 1) + "\"}";
      schema.append("\"l%d\":{\"allOf\":[%s,%s]},".formatted(i, next, next));
    }
    schema.append("\"l40\":{\"type\":\"integer\"}}}");
    assertThat(misfit(schema.toString(), "{\"b\":1}")).isEmpty();
    assertThat(misfit(schema.toString(), "{\"a\":1}"))
        .contains(
            new Misfit(
                "a",
                "/a takes too long to be held to the schema, because of its rules; make them"
                    + " simpler"));
  }

  /** On a virtual thread, as messages are decoded. */
  @Test
  void whatNestsAsDeepAsAMessageMayIsHeldToIt() {
    String schema =
        "{\"type\":\"object\",\"properties\":"
            + "{\"n\":{\"anyOf\":[{\"type\":\"integer\"},{\"$ref\":\"#\"}]}}}";
    String good = "{\"n\":".repeat(99) + "1" + "}".repeat(99);
    String bad = "{\"n\":".repeat(99) + "\"x\"" + "}".repeat(99);
    CompletableFuture<Optional<Misfit>> first = new CompletableFuture<>();
    CompletableFuture<Optional<Misfit>> second = new CompletableFuture<>();
    Thread.startVirtualThread(() -> first.complete(misfit(schema, good)));
    assertThat(first.join()).isEmpty();
    Thread.startVirtualThread(() -> second.complete(misfit(schema, bad)));
    assertThat(second.join().map(Misfit::field)).contains("n");
  }

  /** A loop that only some messages enter is not found when the schema is read. */
  @Test
  void aSchemaThatRefersToItselfWithoutEndIsGivenUp() {
    String schema =
        "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/x\"}},"
            + "\"$defs\":{\"x\":{\"allOf\":[{\"$ref\":\"#/$defs/x\"}]}}}";
    CompletableFuture<Optional<Misfit>> found = new CompletableFuture<>();
    Thread.startVirtualThread(() -> found.complete(misfit(schema, "{\"a\":1}")));
    assertThat(found.join().map(Misfit::detail))
        .hasValueSatisfying(it -> assertThat(it).contains("/a takes too long", "its rules"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [1,2,"1",null,true,[1],{"1":1},[1,2],[2,1],{}] | true
          [1,2,1.0] | false
          ["a","b","a"] | false
          [{"a":1,"b":[2]},{"b":[2.0],"a":1}] | false
          [[1,"2"],[1,2]] | true
          [{"a":{}},{"a":[]}] | true
          [null,null] | false
          {"a":1} | true
          """)
  void itemsAreDistinctByTheirValue(String value, boolean fits) {
    for (String draft :
        List.of(
            "http://json-schema.org/draft-07/schema",
            "https://json-schema.org/draft/2020-12/schema")) {
      String schema =
          "{\"$schema\":\"%s\",\"properties\":{\"a\":{\"uniqueItems\":true}}}".formatted(draft);
      assertThat(misfit(schema, "{\"a\":" + value + "}").isEmpty()).isEqualTo(fits);
    }
    assertThat(misfit("{\"properties\":{\"a\":{\"uniqueItems\":true}}}", "{\"a\":[1,1]}"))
        .contains(
            new Misfit(
                "a",
                "/a does not fit uniqueItems true, at #/properties/a/uniqueItems of the schema"));
  }

  /** By their hashes each would be compared with each: minutes. */
  @Test
  void textsWithTheSameHashAreNoReason() {
    String texts =
        IntStream.range(0, 1 << 16)
            .mapToObj(MessageSchemaTest::colliding)
            .collect(Collectors.joining("\",\"", "[\"", "\"]"));
    assertThat(misfit("{\"properties\":{\"a\":{\"uniqueItems\":true}}}", "{\"a\":" + texts + "}"))
        .isEmpty();
  }

  private static String colliding(int number) {
    return IntStream.range(0, 16)
        .mapToObj(bit -> (number >> bit & 1) == 1 ? "Aa" : "BB")
        .collect(Collectors.joining());
  }
}
