package dev.escala.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An S3 that gives objects by their path, and refuses as AWS does. */
public final class S3Server implements AutoCloseable {
  private final LoopbackHttp server;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Set<String> withoutLength = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> failing = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  public S3Server() {
    server = new LoopbackHttp(this::handle);
  }

  public URI endpoint() {
    return server.endpoint();
  }

  /** Keeps an object, and gives the body that the extended client sends in its place. */
  public String put(String bucket, String key, String body) {
    objects.put("/" + bucket + "/" + key, body.getBytes(StandardCharsets.UTF_8));
    return pointer(bucket, key);
  }

  /** As {@link #put}, and does not say how long it is. */
  public String putWithoutLength(String bucket, String key, String body) {
    withoutLength.add("/" + bucket + "/" + key);
    return put(bucket, key, body);
  }

  /** The body that the extended client sends in place of an object. */
  public static String pointer(String bucket, String key) {
    return """
    ["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"%s","s3Key":"%s"}]\
    """
        .formatted(bucket, key);
  }

  /** Answers with an error for this object from now on. */
  public void fail(String bucket, String key, int status) {
    failing.put("/" + bucket + "/" + key, status);
  }

  /** No object fails any more. */
  public void recover() {
    failing.clear();
  }

  /** Each request: method and path. */
  public List<String> asked() {
    return asked;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(exchange.getRequestMethod() + " " + path);
      byte[] object = objects.get(path);
      if (failing.containsKey(path)) {
        int status = failing.get(path);
        refuse(exchange, status, status == 403 ? "AccessDenied" : "SlowDown");
      } else if (object == null) {
        refuse(exchange, 404, "NoSuchKey");
      } else {
        exchange.sendResponseHeaders(200, withoutLength.contains(path) ? 0 : object.length);
        exchange.getResponseBody().write(object);
      }
    }
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    String error =
        "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>said S3</Message></Error>"
            .formatted(code);
    byte[] body = error.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.close();
  }
}
