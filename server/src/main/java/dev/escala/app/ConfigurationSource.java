package dev.escala.app;

import dev.escala.config.ConfigurationException;
import dev.escala.config.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
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
        http:  {port: "${ESCALA_HTTP_PORT:8080}"}
        admin: {port: "${ESCALA_ADMIN_PORT:8081}"}
        log:   {format: "${ESCALA_LOG_FORMAT:auto}", level: "${ESCALA_LOG_LEVEL:info}"}
        system: {name: "${ESCALA_SYSTEM:escala}", env: "${ESCALA_ENV:local}", tier: "${ESCALA_TIER:standard}", region: "${ESCALA_REGION:local}"}
        probe: {url: "${ESCALA_PUBLIC_URL:}"}
        databases:
          "DB": {url: "${ESCALA_DATABASE_URL}", read-url: "${ESCALA_READ_URL:}"}
        """
            .replace("DB", database));
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

  private static String database(String url) throws CommandFailed {
    try {
      return DatabaseUrl.parse(url).database().replace("\"", "");
    } catch (IllegalArgumentException malformed) {
      throw CommandFailed.configuration(URL + " " + malformed.getMessage());
    }
  }
}
