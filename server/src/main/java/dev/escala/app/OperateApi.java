package dev.escala.app;

import dev.escala.app.LetterDesk.Asked;
import dev.escala.app.LetterDesk.Work;
import dev.escala.http.AskingPage;
import dev.escala.http.BodyReader;
import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.Problem;
import dev.escala.http.Router;
import dev.escala.model.Caller;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * On the public port the last hour of vital signs, the way of each topic, and its dead letters, for
 * callers with the right {@code operate}: bodies of rejected messages may be confidential. Where
 * nobody is asked who they are, only this machine has it.
 */
final class OperateApi {
  private static final String READ = "GET|HEAD";
  private static final String TOPIC = "/topics/{topic}";
  private static final String LETTERS = TOPIC + "/dead-letters";
  private static final Duration MAX_BODY_TIME = Duration.ofSeconds(30);
  private static final int BODIES_AT_ONCE = 4;

  private final Answers answers;
  private final boolean ofThisMachine;
  private final BodyReader bodies;

  /** Who answers. */
  record Answers(TopicReport topics, LetterDesk desk, HealthReport health) {}

  /**
   * Behind the lock, if there is one.
   *
   * @param ofThisMachine whether no other machine reaches the port
   * @param maxBodyBytes of a corrected message
   */
  OperateApi(Answers answers, boolean ofThisMachine, int maxBodyBytes, Observer observer) {
    this.answers = answers;
    this.ofThisMachine = ofThisMachine;
    this.bodies =
        new BodyReader(
            new BodyReader.Limits(
                maxBodyBytes, (long) BODIES_AT_ONCE * maxBodyBytes, MAX_BODY_TIME),
            observer);
  }

  void register(Router router) {
    LetterDesk desk = answers.desk();
    router.on(READ, "/health/history", exchange -> admit(exchange, "", answers.health()::show));
    router.on(READ, "/topics", this::index);
    on(router, READ, TOPIC, answers.topics()::show);
    onLetters(router, READ, LETTERS, exchange -> desk::list);
    onLetters(router, "POST", LETTERS + "/replay", exchange -> desk::replay);
    onLetters(router, "POST", LETTERS + "/discard", exchange -> desk::discard);
    onLetters(router, READ, LETTERS + "/{id}", exchange -> asked -> desk.show(asked, id(exchange)));
    on(router, "POST", LETTERS + "/{id}/correct", this::correct);
  }

  private void index(Exchange exchange) {
    if (TopicsDocument.isWanted(exchange)) {
      TopicsDocument.answer(exchange);
    } else {
      admit(exchange, "", answers.topics()::list);
    }
  }

  private static String topic(Exchange exchange) {
    return exchange.path().get(1);
  }

  private static String id(Exchange exchange) {
    return exchange.path().get(3);
  }

  private void on(Router router, String methods, String path, Consumer<Exchange> answer) {
    Handler admitted = exchange -> admit(exchange, topic(exchange), answer);
    router.on(methods, path, admitted);
  }

  private void onLetters(
      Router router, String methods, String path, Function<Exchange, Work> work) {
    on(
        router,
        methods,
        path,
        exchange ->
            answers.desk().answer(new Asked(exchange, topic(exchange)), work.apply(exchange)));
  }

  private void correct(Exchange exchange) {
    bodies.read(
        exchange,
        (same, body) ->
            answers
                .desk()
                .answer(
                    new Asked(same, topic(same)),
                    asked -> answers.desk().correct(asked, id(same), body)));
  }

  /**
   * Lets through who may.
   *
   * @param topic empty for all that the caller may operate
   */
  private void admit(Exchange exchange, String topic, Consumer<Exchange> answer) {
    Caller caller = exchange.caller();
    boolean may =
        topic.isEmpty() ? caller.rights().mayOperate() : caller.rights().mayOperate(topic);
    if (caller.kind() != Caller.Kind.KNOWN && AskingPage.isOfOtherSite(exchange)) {
      exchange.problem(
          Problem.of(ErrorCode.ESC148, "Pages of web sites may not ask for this", null));
    } else if (caller.isAnybody() && !ofThisMachine) {
      exchange.problem(
          Problem.of(
              ErrorCode.ESC170,
              "Topics and dead letters are for who is known, and nobody is asked here",
              "Configure auth, with a role that may operate; the admin port has them too."));
    } else if (may) {
      answer.accept(exchange);
    } else {
      Denial.answer(
          exchange,
          topic.isEmpty() ? "see topics and the last hour" : "operate the topic " + topic);
    }
  }
}
