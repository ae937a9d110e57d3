package dev.escala.app;

import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.http.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * On the admin port {@code GET /topics} lists the topics that no configuration names, with what is
 * used and allowed of all bounds, and {@code DELETE /topics/{topic}} closes one.
 */
final class TopicsAdmin {
  private final Topics topics;
  private final UnaryOperator<Handler> lock;

  /** The lock stands before what changes something. */
  TopicsAdmin(Topics topics, UnaryOperator<Handler> lock) {
    this.topics = topics;
    this.lock = lock;
  }

  void register(Router router) {
    router.on("GET|HEAD", "/topics", this::list);
    // It ends what is under way, which is nothing for an event loop.
    router.on(
        "DELETE",
        "/topics/{topic}",
        lock.apply(
            exchange -> {
              if (exchange.caller().rights().mayAdminister()) {
                Thread.ofVirtual().name("close a topic").start(() -> close(exchange));
              } else {
                Denial.answer(exchange, "close topics");
              }
            }));
  }

  private void list(Exchange exchange) {
    List<Map<String, Object>> open = new ArrayList<>();
    topics.openInvented().forEach((name, lastUsed) -> open.add(topic(name, lastUsed.age())));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("invented", open);
    members.put("bounds", topics.room().bounds(open.size()));
    exchange.json(200, JsonText.of(members));
  }

  private Map<String, Object> topic(String name, Duration sinceUse) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("topic", name);
    members.put("last_used_seconds_ago", sinceUse.toMillis() / 1000.0);
    int allowed = topics.room().mostColumns(name);
    topics
        .room()
        .columns(name)
        .ifPresent(used -> members.put("columns", TableRoom.bound(used, allowed)));
    return members;
  }

  private void close(Exchange exchange) {
    String topic = exchange.path().get(1);
    if (topics.close(topic)) {
      exchange.json(200, JsonText.of(Map.of("closed", topic)));
    } else {
      exchange.problem(
          Problem.of(
              ErrorCode.ESC103,
              "No topic of this name is open that no configuration names",
              "GET /topics lists them."));
    }
  }
}
