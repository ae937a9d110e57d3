package dev.escala.decode.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a schema is said when it is read, with its place and what to do. */
class SchemaFileTest {
  @TempDir private Path folder;

  private List<String> errors(String schema) {
    try {
      Path file = Files.writeString(folder.resolve("schema.json"), schema);
      SchemaFile read = new SchemaFile(file);
      boolean isGood = read.schema().isPresent();
      assertThat(read.errors().isEmpty()).isEqualTo(isGood);
      return read.errors();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\"}",
        "{\"$schema\":\"https://json-schema.org/draft/2019-09/schema\",\"type\":\"object\"}",
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\"}",
        "{\"$id\":\"https://example.org/departure.json\",\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{}}}",
        "{\"$id\":\"departure.json\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/a\"}},\"$defs\":{\"a\":{}}}",
        "{\"properties\":{\"next\":{\"$ref\":\"#\"}}}",
        "{\"properties\":{\"a\":{\"$ref\":\"#here\"}},\"$defs\":{\"a\":{\"$anchor\":\"here\"}}}",
        "{\"properties\":{\"$ref\":{\"type\":\"string\"},\"pattern\":{\"type\":\"string\"}}}",
        "{\"enum\":[{\"$ref\":\"http://example.org\"}],\"default\":{\"$id\":\"x\",\"pattern\":\"(\"}}",
        "{\"properties\":{\"a/b~c\":{}},\"$ref\":\"#/properties/a~1b~0c\"}",
        "{\"x-of-our-own\":{\"team\":\"ops\"},\"patternProperties\":{\"^\\\\p{Letter}+$\":{}}}"
      })
  void isTaken(String schema) {
    assertThat(errors(schema)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"$ref":"http://example.org/other.json"} | #/$ref: refers to another file or address, and nothing is fetched
          {"$ref":"file:///etc/passwd"} | #/$ref: refers to another file or address
          {"allOf":[{"properties":{"a":{"$ref":"other.json#/a"}}}]} | #/allOf/0/properties/a/$ref: refers to another file
          {"$id":"https://example.org/a","$ref":"https://example.org/b"} | #/$ref: refers to another file
          {"$dynamicRef":"other.json#a"} | #/$dynamicRef: refers to another file
          {"$ref":"#/$defs/b","$defs":{"a":{}}} | #/$ref: leads nowhere in this file
          {"$ref":"#nowhere"} | #/$ref: leads nowhere in this file
          {"$defs":{"a":{"$id":"http://example.org/a"}}} | #/$defs/a/$id: is within the schema
          {"$ref":"#"} | #: refers to itself without end
          {"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}} | #: refers to itself without end
          {"properties":{"a":{"pattern":"("}}} | #/properties/a/pattern: is no regular expression of Java: Unclosed group, near character
          {"patternProperties":{"[":{}}} | #/patternProperties/[: is no regular expression of Java
          {"type":"strin"} | #/type
          {"properties":{"a":{"maximum":"x"}}} | #/properties/a/maximum: string found, number expected; see the keyword in https://json-schema.org/draft/2020-12/schema
          {"required":"id"} | #/required: string found, array expected
          {"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"minLength":-1}}} | #/properties/a/minLength
          {"$schema":"http://json-schema.org/draft-04/schema#"} | #/$schema: is none that is known; write https://json-schema.org/draft/2020-12/schema
          {"$schema":"https://example.org/own"} | #/$schema: is none that is known
          {"a":1,"a":2} | line 1, column 11: is not JSON: Duplicate
          {"a": | is not JSON
          {} {} | is not JSON
          [] | is no JSON object; a schema begins with {
          true | is no JSON object
          """)
  void isRefused(String schema, String error) {
    assertThat(errors(schema)).anySatisfy(it -> assertThat(it).contains(error));
  }

  @Test
  void allErrorsAreTold() {
    assertThat(errors("{\"$ref\":\"a.json\",\"properties\":{\"a\":{\"pattern\":\"(\"}}}"))
        .hasSize(2);
  }

  @Test
  void aFileThatIsNotThereOrTooLargeIsRefused() throws IOException {
    SchemaFile missing = new SchemaFile(folder.resolve("missing.json"));
    assertThat(missing.schema()).isEmpty();
    assertThat(missing.errors()).singleElement().asString().contains("is not there");
    SchemaFile aFolder = new SchemaFile(folder);
    assertThat(aFolder.schema()).isEmpty();
    assertThat(aFolder.errors()).singleElement().asString().contains("cannot be read");
    Path latin = folder.resolve("latin.json");
    Files.write(latin, "{\"title\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
    SchemaFile other = new SchemaFile(latin);
    assertThat(other.schema()).isEmpty();
    assertThat(other.errors()).singleElement().asString().contains("UTF-8");
    assertThat(errors("{\"title\":\"" + "x".repeat(1 << 20) + "\"}"))
        .singleElement()
        .asString()
        .contains("is larger than 1048576 bytes");
  }
}
