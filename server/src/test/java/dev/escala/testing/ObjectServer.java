package dev.escala.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An S3 that objects are written to: whole, in parts, or only where there is none. */
public final class ObjectServer implements AutoCloseable {
  private static final int PRECONDITION_FAILED = 412;

  private final LoopbackHttp server = new LoopbackHttp(this::handle);
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, NavigableMap<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  public URI endpoint() {
    return server.endpoint();
  }

  /** Each object by its path, such as {@code /bucket/key}. */
  public Map<String, byte[]> objects() {
    return objects;
  }

  /** Each request: method, path and query. */
  public List<String> asked() {
    return asked;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      asked.add(exchange.getRequestMethod() + " " + uri);
      byte[] body = exchange.getRequestBody().readAllBytes();
      String query = uri.getQuery() == null ? "" : uri.getQuery();
      switch (exchange.getRequestMethod()) {
        case "PUT" -> put(exchange, uri.getPath(), query, body);
        case "POST" -> post(exchange, uri.getPath(), query);
        case "DELETE" -> {
          objects.remove(uri.getPath());
          exchange.sendResponseHeaders(204, -1);
        }
        default -> get(exchange, uri.getPath());
      }
    }
  }

  private void put(HttpExchange exchange, String path, String query, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("ETag", "\"e\"");
    if (query.contains("uploadId=")) {
      int part = Integer.parseInt(query.replaceAll(".*partNumber=(\\d+).*", "$1"));
      uploads.get(query.replaceAll(".*uploadId=(\\w+).*", "$1")).put(part, body);
      exchange.sendResponseHeaders(200, -1);
    } else if ("*".equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      boolean isFirst = objects.putIfAbsent(path, body) == null;
      exchange.sendResponseHeaders(isFirst ? 200 : PRECONDITION_FAILED, -1);
    } else {
      objects.put(path, body);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void post(HttpExchange exchange, String path, String query) throws IOException {
    if (query.startsWith("uploads")) {
      String id = "u" + numbers.incrementAndGet();
      uploads.put(id, new TreeMap<>());
      answer(
          exchange,
          "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>"
              .formatted(id));
    } else {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      uploads
          .remove(query.replaceAll(".*uploadId=(\\w+).*", "$1"))
          .values()
          .forEach(all::writeBytes);
      objects.put(path, all.toByteArray());
      answer(
          exchange,
          "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>");
    }
  }

  private static void answer(HttpExchange exchange, String xml) throws IOException {
    byte[] octets = ("<?xml version=\"1.0\"?>" + xml).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(200, octets.length);
    exchange.getResponseBody().write(octets);
  }

  private void get(HttpExchange exchange, String path) throws IOException {
    byte[] object = objects.get(path);
    if (object == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(object.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int begin = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
    byte[] rest = Arrays.copyOfRange(object, begin, object.length);
    exchange.sendResponseHeaders(range == null ? 200 : 206, rest.length == 0 ? -1 : rest.length);
    exchange.getResponseBody().write(rest);
  }

  @Override
  public void close() {
    server.close();
  }
}
