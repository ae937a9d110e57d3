package dev.escala.delivery;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** ECS by its JSON protocol; moto reads from the signature only which service is meant. */
record Ecs(URI cloud, HttpClient client) {
  private static final String SIGNED_FOR_ECS =
      "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ecs/aws4_request,"
          + " SignedHeaders=host, Signature=0";

  Ecs(URI cloud) {
    this(cloud, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
  }

  JsonNode ask(String action, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(cloud.resolve("/"))
                .header("X-Amz-Target", "AmazonEC2ContainerServiceV20141113." + action)
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("Authorization", SIGNED_FOR_ECS)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(action + ": " + answer.body());
    }
    return JsonMapper.shared().readTree(answer.body());
  }
}
