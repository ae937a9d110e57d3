package dev.escala.proofs;

import static dev.escala.testing.Eventually.pause;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Publishes messages one by one, as a client that believes what it is answered. */
final class HttpPublisher {
  private static final int OK = 200;

  private final ServerProcess server;
  private final Set<Long> stored = ConcurrentHashMap.newKeySet();
  private final Queue<HttpResponse<String>> refusals = new ConcurrentLinkedQueue<>();

  HttpPublisher(ServerProcess server) {
    this.server = server;
  }

  /**
   * Publishes the message with this number again and again, until it is stored.
   *
   * @throws IOException where the server does not answer
   */
  void publish(int number) throws IOException, InterruptedException {
    while (!attempt(number)) {
      pause();
    }
    stored.add((long) number);
  }

  private boolean attempt(int number) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        server.post("/topics/events", "{\"n\":" + number + ",\"via\":\"http\"}");
    if (answer.statusCode() != OK) {
      refusals.add(answer);
    }
    return answer.statusCode() == OK;
  }

  /** The numbers of the messages that were answered with 200. */
  Set<Long> stored() {
    return stored;
  }

  /** All other answers. */
  Queue<HttpResponse<String>> refusals() {
    return refusals;
  }
}
