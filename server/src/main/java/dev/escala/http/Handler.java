package dev.escala.http;

/** Answers a request, now or later, exactly once. Called on the event loop: must not block. */
@FunctionalInterface
public interface Handler {

  void handle(Exchange exchange);
}
