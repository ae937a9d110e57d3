package dev.escala.archive;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.RESTSerializers;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.apache.iceberg.rest.responses.ErrorResponse;

/** A catalogue of Iceberg's REST protocol, of Iceberg's own parts, on a port of this machine. */
final class RestCatalogServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    JSON.setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);
    JSON.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    JSON.setPropertyNamingStrategy(new PropertyNamingStrategies.KebabCaseStrategy());
    RESTSerializers.registerAll(JSON);
  }

  private final InMemoryCatalog catalog = new InMemoryCatalog();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /** A request. */
  record Asked(String method, URI uri, Map<String, List<String>> headers, String body) {}

  RestCatalogServer() throws IOException {
    catalog.initialize("memory", Map.of());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  List<Asked> asked() {
    return asked;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      asked.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              Map.copyOf(exchange.getRequestHeaders()),
              body));
      int status = 200;
      Object answer;
      try {
        answer = answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), body);
      } catch (NoSuchTableException | NoSuchNamespaceException none) {
        status = 404;
        answer =
            ErrorResponse.builder()
                .responseCode(status)
                .withType(none.getClass().getSimpleName())
                .withMessage(none.getMessage())
                .build();
      }
      byte[] octets = answer == null ? new byte[0] : JSON.writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      boolean isEmpty = octets.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(
          isEmpty && status == 200 ? 204 : status, isEmpty ? -1 : octets.length);
      if (!isEmpty) {
        exchange.getResponseBody().write(octets);
      }
    }
  }

  private Object answer(String method, String path, String body) throws JsonProcessingException {
    String[] parts = path.split("/", -1);
    if (path.endsWith("/v1/config")) {
      return ConfigResponse.builder().build();
    }
    if (parts.length == 3) {
      return CatalogHandlers.createNamespace(
          catalog, JSON.readValue(body, CreateNamespaceRequest.class));
    }
    Namespace namespace = Namespace.of(parts[3]);
    if (parts.length == 4) {
      return CatalogHandlers.loadNamespace(catalog, namespace);
    }
    if (parts.length == 5) {
      return CatalogHandlers.createTable(
          catalog, namespace, JSON.readValue(body, CreateTableRequest.class));
    }
    TableIdentifier table = TableIdentifier.of(namespace, parts[5]);
    if (method.equals("GET")) {
      return CatalogHandlers.loadTable(catalog, table, SnapshotMode.ALL);
    }
    return path.endsWith("/metrics")
        ? Map.of()
        : CatalogHandlers.updateTable(
            catalog, table, JSON.readValue(body, UpdateTableRequest.class));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
