package dev.escala.http;

/** Has answers tell how long each phase of the work took. */
public record ServerTiming(Handler next) implements Handler {

  @Override
  public void handle(Exchange exchange) {
    exchange.measure();
    next.handle(exchange);
  }
}
