package dev.escala.decode.schema;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads a schema from its file, with every error in it. */
final class SchemaFile {
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_ERRORS = 10;

  private static final List<Dialect> DRAFTS =
      Stream.of(Dialects.getDraft202012(), Dialects.getDraft201909(), Dialects.getDraft7())
          .map(draft -> Dialect.builder(draft).keyword(new DistinctItems()).build())
          .toList();

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path path;
  private final List<String> errors = new ArrayList<>();

  SchemaFile(Path path) {
    this.path = path;
  }

  /** What is wrong, each with its place in the file; none before it is read. */
  List<String> errors() {
    return errors.stream().distinct().limit(MOST_ERRORS).toList();
  }

  /** Empty where anything is wrong. */
  Optional<MessageSchema> schema() {
    Optional<MessageSchema> schema = text().flatMap(this::tree).flatMap(this::checked);
    return errors.isEmpty() ? schema : Optional.empty();
  }

  private Optional<String> text() {
    try {
      if (Files.size(path) <= MOST_BYTES) {
        return Optional.of(Files.readString(path));
      }
      errors.add("is larger than " + MOST_BYTES + " bytes; keep to what messages have to fit");
    } catch (NoSuchFileException missing) {
      errors.add("is not there; the path is relative to the file of the configuration");
    } catch (IOException unreadable) {
      errors.add("cannot be read as text in UTF-8: " + unreadable);
    }
    return Optional.empty();
  }

  private Optional<JsonNode> tree(String text) {
    try {
      JsonNode root = JSON.readTree(text);
      if (root.isObject()) {
        return Optional.of(root);
      }
      errors.add("is no JSON object; a schema begins with {");
    } catch (JacksonException malformed) {
      var at = malformed.getLocation();
      errors.add(
          "line %d, column %d: is not JSON: %s"
              .formatted(at.getLineNr(), at.getColumnNr(), malformed.getOriginalMessage()));
    }
    return Optional.empty();
  }

  private Optional<MessageSchema> checked(JsonNode root) {
    Optional<Dialect> draft = draft(root);
    if (draft.isEmpty()) {
      return Optional.empty();
    }
    errors.addAll(new SchemaWalk(root).errors());
    if (!errors.isEmpty()) {
      return Optional.empty();
    }
    SchemaRegistry registry = registry(draft.get());
    holdToDraft(registry.getSchema(SchemaLocation.of(draft.get().getId())), root);
    return errors.isEmpty() ? tried(registry, root) : Optional.empty();
  }

  /** A schema has to fit the schema of its draft. */
  private void holdToDraft(Schema draft, JsonNode root) {
    ScopedValue.where(MatchBudget.CURRENT, new MatchBudget(MOST_BYTES))
        .run(
            () ->
                draft
                    .validate(root)
                    .forEach(
                        error ->
                            errors.add(
                                "%s: %s; see the keyword in %s"
                                    .formatted(
                                        SchemaWalk.place(error.getInstanceLocation().toString()),
                                        error.getMessage(),
                                        draft.getId()))));
  }

  private Optional<Dialect> draft(JsonNode root) {
    if (!root.has("$schema")) {
      return Optional.of(DRAFTS.getFirst());
    }
    String name = withoutFragment(root.get("$schema").asString(""));
    Optional<Dialect> draft =
        DRAFTS.stream().filter(known -> withoutFragment(known.getId()).equals(name)).findFirst();
    if (draft.isEmpty()) {
      errors.add(
          "#/$schema: is none that is known; write %s, or leave it out"
              .formatted(DRAFTS.getFirst().getId()));
    }
    return draft;
  }

  /** An empty one may stand there or not. */
  private static String withoutFragment(String name) {
    return name.endsWith("#") ? name.substring(0, name.length() - 1) : name;
  }

  /** It loads what its own program contains, the schemas of the drafts, and nothing else. */
  private static SchemaRegistry registry(Dialect draft) {
    SchemaRegistryConfig settings =
        SchemaRegistryConfig.builder()
            .locale(Locale.ROOT)
            .regularExpressionFactory(BoundedPattern::of)
            .build();
    return SchemaRegistry.withDefaultDialect(
        draft,
        registry ->
            registry
                .schemaRegistryConfig(settings)
                .schemaLoader(loader -> loader.fetchRemoteResources(false)));
  }

  /** An empty message finds out whether the schema ends, whatever it says of that message. */
  private Optional<MessageSchema> tried(SchemaRegistry registry, JsonNode root) {
    ObjectNode unnamed = (ObjectNode) root.deepCopy();
    unnamed.remove("$id"); // nothing refers to it by its name, which may be a relative one
    try {
      Schema schema = registry.getSchema(unnamed);
      MessageSchema read = new MessageSchema(schema);
      Optional<MessageSchema.Misfit> misfit = read.misfit(JSON.createObjectNode(), 2);
      if (misfit.isPresent() && misfit.get().detail().contains("takes too long")) {
        errors.add("#: refers to itself without end; a $ref needs a level of the message between");
      }
      return Optional.of(read);
    } catch (SchemaException wrong) {
      errors.add("#: " + wrong.getMessage());
      return Optional.empty();
    }
  }
}
