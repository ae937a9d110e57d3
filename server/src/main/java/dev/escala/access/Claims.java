package dev.escala.access;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a token with a good signature says. */
final class Claims {
  private static final long SKEW_SECONDS = 30;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final ObjectNode json;

  private Claims(ObjectNode json) {
    this.json = json;
  }

  static Claims parse(String payload) throws TokenRefused {
    try {
      if (JSON.readTree(payload) instanceof ObjectNode object) {
        return new Claims(object);
      }
    } catch (JacksonException malformed) {
      // told below
    }
    throw TokenRefused.claims("Parsing claims failed");
  }

  /** To be asked each time, since time goes on. */
  void check(Instant now, Optional<String> audience) throws TokenRefused {
    double seconds = now.toEpochMilli() / 1000.0;
    Double expires = seconds("exp");
    Double notBefore = seconds("nbf");
    Double issued = seconds("iat");
    if (expires != null && seconds > expires + SKEW_SECONDS) {
      throw TokenRefused.claims("JWT expired");
    }
    if (notBefore != null && seconds < notBefore - SKEW_SECONDS) {
      throw TokenRefused.claims("JWT not yet valid");
    }
    if (issued != null && seconds < issued - SKEW_SECONDS) {
      throw TokenRefused.claims("JWT issued at future");
    }
    if (!isFor(audience)) {
      throw TokenRefused.claims("JWT not in audience");
    }
  }

  private @Nullable Double seconds(String name) throws TokenRefused {
    JsonNode claim = json.get(name);
    if (claim == null || claim.isNull()) {
      return null;
    }
    if (!claim.isNumber()) {
      throw TokenRefused.claims("The JWT '%s' claim must be a number".formatted(name));
    }
    return claim.decimalValue().doubleValue();
  }

  /** A token that does not say for whom it is is for all. */
  private boolean isFor(Optional<String> audience) throws TokenRefused {
    JsonNode claim = json.get("aud");
    if (claim == null || claim.isNull()) {
      return true;
    }
    boolean isFor = audience.isEmpty() || (claim.isArray() && claim.isEmpty());
    for (JsonNode each : claim.isArray() ? claim : JSON.createArrayNode().add(claim)) {
      if (!each.isString()) {
        throw TokenRefused.claims("The JWT 'aud' claim must be a string or an array of strings");
      }
      isFor |= audience.isPresent() && each.asString().equals(audience.get());
    }
    return isFor;
  }

  /** The role that stands there; empty if there is nothing. */
  Optional<String> role(RolePath path) {
    return path.first(json).map(found -> found.isString() ? found.asString() : found.toString());
  }

  /** As JSON, with the role under which the database is asked. */
  String json(String role) {
    return json.deepCopy().put("role", role).toString();
  }

  /** Of who shows a key: policies may ask for its id. */
  static String ofKey(ApiKey key) {
    ObjectNode claims = JSON.createObjectNode().put("key", key.id()).put("key_name", key.name());
    return (key.role() == null ? claims : claims.put("role", key.role())).toString();
  }

  /** Of somebody who has no token. */
  static String ofRole(String role) {
    return JSON.createObjectNode().put("role", role).toString();
  }
}
