package dev.escala.source.kafka;

import dev.escala.source.kafka.RegistrySettings.Login;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Asks a schema registry over HTTP: no redirects, a time limit for all of an answer, a size. */
final class RegistryClient implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A schema of a thousand fields has a tenth of it. */
  static final int MOST_BYTES = 1 << 20;

  /** The registry's own word for a schema that it does not have, which a wrong path has not. */
  private static final String NO_SUCH_SCHEMA = "40403";

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final RegistrySettings settings;
  private final Duration patience;
  private final HttpClient client;

  /** What a registry says of an id. */
  sealed interface Found {
    /** As JSON. */
    record Schema(String text) implements Found {}

    /** No schema of Avro, as the end of a sentence. */
    record Nothing(String why) implements Found {}
  }

  RegistryClient(RegistrySettings settings, Duration patience) {
    this.settings = settings;
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .build();
  }

  /**
   * Asks for the schema of an id.
   *
   * @throws IOException if nothing can be known of it now, with a sentence that says why
   */
  Found schema(int id) throws IOException {
    Found found = schema("/schemas/ids/" + id);
    if (found instanceof Found.Schema(String text) && text.isEmpty()) {
      // It names others, which the registry puts in their places when it is asked to.
      return schema("/schemas/ids/" + id + "?format=resolved");
    }
    return found;
  }

  private Found schema(String path) throws IOException {
    Collected body = new Collected();
    int status = status(path, body);
    if (status == OK && body.tooLarge) {
      return new Found.Nothing("has more than %,d bytes.".formatted(MOST_BYTES));
    }
    Optional<Map<String, String>> members = RegistryJson.members(body.toByteArray());
    if (status == NOT_FOUND && NO_SUCH_SCHEMA.equals(member(members, "error_code"))) {
      return new Found.Nothing(
          "is not in the registry %s. Register it there, and replay."
              .formatted(settings.address()));
    }
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      throw trouble("refuses the login (%d): check username and password".formatted(status));
    }
    String schema = member(members, "schema");
    if (status != OK || (schema.isEmpty() && member(members, "schemaType").isEmpty())) {
      throw trouble("answers %d, and no schema: is it the URL of a registry?".formatted(status));
    }
    String type = member(members, "schemaType");
    if (!type.isEmpty() && !type.equals("AVRO")) {
      return new Found.Nothing("is one of %s, not of Avro.".formatted(type));
    }
    boolean asksAgain = members.orElseThrow().containsKey("references") && !path.contains("?");
    return new Found.Schema(asksAgain ? "" : schema);
  }

  private static String member(Optional<Map<String, String>> members, String name) {
    return members.map(all -> all.getOrDefault(name, "")).orElse("");
  }

  private IOException trouble(String what) {
    return new IOException(
        "The schema registry %s %s. Nothing is lost: records wait in their topic."
            .formatted(settings.address(), what));
  }

  /** The time limit of a request alone would end with its head. */
  private int status(String path, Collected body) throws IOException {
    CompletableFuture<HttpResponse<Void>> coming =
        client.sendAsync(request(path), BodyHandlers.ofByteArrayConsumer(body));
    try {
      return coming.get(patience.toNanos(), TimeUnit.NANOSECONDS).statusCode();
    } catch (TimeoutException slow) {
      throw trouble("does not answer within %d ms".formatted(patience.toMillis()));
    } catch (ExecutionException failure) {
      throw trouble("does not answer: " + failure.getCause());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw trouble("was not waited for");
    } finally {
      var _ = coming.cancel(true);
    }
  }

  private HttpRequest request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.address() + path))
            .timeout(patience)
            .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    Login login = settings.login();
    if (login != null) {
      byte[] both = (login.username() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both));
    }
    return request.build();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /** A body, or that it is too large. */
  private static final class Collected implements Consumer<Optional<byte[]>> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean tooLarge;

    @Override
    public void accept(Optional<byte[]> part) {
      byte[] more = part.orElse(new byte[0]);
      tooLarge |= bytes.size() + more.length > MOST_BYTES;
      if (!tooLarge) {
        bytes.writeBytes(more);
      }
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }
  }
}
