package dev.escala.app;

import dev.escala.config.ConfigurationException;
import dev.escala.config.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the configuration: a file, its text in a variable, or the environment alone. */
final class ConfigurationSource {
  private static final String WHOLE = "ESCALA_CONFIG";
  private static final String URL = "ESCALA_DATABASE_URL";

  private ConfigurationSource() {}

  /** Of a file, or of the environment where there is none named. */
  static Configuration read(@Nullable Path file, Map<String, String> environment)
      throws CommandFailed {
    String whole = file == null ? environment.get(WHOLE) : null;
    String name = file != null ? file.toString() : whole != null ? WHOLE : "The environment";
    try {
      String yaml = file != null ? text(file) : whole != null ? whole : yaml(environment);
      return Configuration.read(name, yaml, environment::get);
    } catch (ConfigurationException errors) {
      throw CommandFailed.configuration(String.valueOf(errors.getMessage()));
    }
  }

  /** The same, of a server that is not open to others without anybody having written so. */
  static Configuration readToServe(@Nullable Path file, Map<String, String> environment)
      throws CommandFailed {
    Configuration configuration = read(file, environment);
    Optional<String> open = configuration.openToOthers();
    if (open.isPresent()) {
      throw CommandFailed.configuration(open.get());
    }
    return configuration;
  }

  private static String text(Path file) throws CommandFailed {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException missing) {
      throw CommandFailed.configuration("There is no file " + file);
    } catch (IOException unreadable) {
      throw CommandFailed.configuration(file + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** The file that the environment stands for; the database is called as in its URL. */
  private static String yaml(Map<String, String> environment) throws CommandFailed {
    String url = environment.get(URL);
    if (url == null) {
      throw CommandFailed.configuration(
          "Name a file with --config, or set %s to its text, or %s to postgresql://user:password@host/db"
              .formatted(WHOLE, URL));
    }
    String database = database(url);
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        http:  {host: "${ESCALA_HTTP_HOST:0.0.0.0}", port: "${ESCALA_HTTP_PORT:8080}"}
        admin: {host: "${ESCALA_ADMIN_HOST:0.0.0.0}", port: "${ESCALA_ADMIN_PORT:8081}"}
        log:   {format: "${ESCALA_LOG_FORMAT:auto}", level: "${ESCALA_LOG_LEVEL:info}"}
        system: {name: "${ESCALA_SYSTEM:escala}", env: "${ESCALA_ENV:local}", tier: "${ESCALA_TIER:standard}", region: "${ESCALA_REGION:local}"}
        probe: {url: "${ESCALA_PUBLIC_URL:}"}
        databases:
          "DB": {url: "${ESCALA_DATABASE_URL}", read-url: "${ESCALA_READ_URL:}"}
        """
            .replace("DB", database));
    yaml.append(auth(environment));
    if (environment.containsKey("ESCALA_SQS_QUEUE")) {
      yaml.append(
          """
          topics:
            "${topic}": {table: "DB.${topic}", key: "${ESCALA_TOPIC_KEY:}", time: "${ESCALA_TOPIC_TIME:}"}
          sources:
            - sqs: {queue: "${ESCALA_SQS_QUEUE}", topic: "${topic}", endpoint: "${ESCALA_SQS_ENDPOINT:}"}
          """
              .replace("DB", database)
              .replace("${topic}", environment.getOrDefault("ESCALA_TOPIC", "messages")));
    } else {
      yaml.append("topics: {\"*\": {table: \"DB.{topic}\"}}\n".replace("DB", database));
    }
    return yaml.toString();
  }

  /** Who is let in; nothing where nothing is said. */
  private static String auth(Map<String, String> environment) {
    if ("none".equals(environment.get("ESCALA_AUTH"))) {
      return "auth: none\n";
    }
    String jwt =
        """
        jwt: {secret: "${ESCALA_JWT_SECRET:}", jwks: "${ESCALA_JWKS:}", audience: "${ESCALA_JWT_AUDIENCE:}"}\
        """;
    String anonymous = "anonymous: {role: \"${ESCALA_ANONYMOUS_ROLE:}\"}";
    boolean hasKeys =
        environment.containsKey("ESCALA_JWT_SECRET") || environment.containsKey("ESCALA_JWKS");
    return hasKeys
        ? "auth: {%s, %s}\n".formatted(jwt, anonymous)
        : environment.containsKey("ESCALA_ANONYMOUS_ROLE")
            ? "auth: {%s}\n".formatted(anonymous)
            : "";
  }

  private static String database(String url) throws CommandFailed {
    try {
      return DatabaseUrl.parse(url).database().replace("\"", "");
    } catch (IllegalArgumentException malformed) {
      throw CommandFailed.configuration(URL + " " + malformed.getMessage());
    }
  }
}
