package dev.escala.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.source.Delivery;
import dev.escala.testing.SqsRequests;
import dev.escala.testing.SqsServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Groups of FIFO queues keep their order; those of standard queues have none. */
@Tag("integration")
@Timeout(90)
class SqsGroupsTest extends SqsSourceRun {
  private static final Outcome RETURNED = new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE);

  private static void settle(Delivery delivery, Predicate<String> stored) {
    delivery.settle(
        bodies(delivery).stream()
            .map(body -> stored.test(body) ? Outcome.STORED : RETURNED)
            .toList());
  }

  private static List<String> bodies(Delivery delivery) {
    return delivery.messages().stream().map(message -> message.payload().text()).toList();
  }

  @Test
  void whatFollowsAReturnedMessageOfItsGroupComesAgainBehindIt() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newFifoQueue(30);
    for (String body : List.of("a1", "b1", "a2", "a3", "b2")) {
      queue.sendTo(body.substring(0, 1), body);
    }
    SqsSource source = open(queue);
    List<Message> arrived = new ArrayList<>();
    while (queue.size() > 0) {
      Optional<Delivery> delivery = source.receive(Duration.ofMillis(500));
      if (delivery.isPresent()) {
        arrived.addAll(delivery.get().messages());
        boolean again = delivery.get().messages().getFirst().origin().attempt() > 1;
        settle(delivery.get(), body -> again || !body.equals("a2"));
      }
    }

    assertThat(arrived).allSatisfy(message -> assertThat(message.origin().sequence()).isNotNull());
    assertThat(bodies(arrived, "a")).containsExactly("a1", "a2", "a3", "a2", "a3");
    assertThat(bodies(arrived, "b")).containsExactly("b1", "b2");
  }

  private static List<String> bodies(List<Message> messages, String group) {
    return messages.stream()
        .filter(message -> group.equals(message.origin().attributes().get("MessageGroupId")))
        .map(message -> message.payload().text())
        .toList();
  }

  @Test
  void theyGoBackForTheSameTime() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newFifoQueue(30);
    List.of("1", "2", "3").forEach(body -> queue.sendTo("a", body));
    SqsRequests requests = new SqsRequests();
    SqsQueue asked = new SqsQueue(SqsServer.shared().client(List.of(requests)), queue.url());
    SqsSource source = keep(source(queue, asked));

    Delivery delivery = next(source);
    assertThat(bodies(delivery)).containsExactly("1", "2", "3");
    settle(delivery, body -> body.equals("3"));

    assertThat(requests.all(ChangeMessageVisibilityBatchRequest.class))
        .singleElement()
        .satisfies(
            change ->
                assertThat(change.entries())
                    .hasSize(3)
                    .extracting(entry -> entry.visibilityTimeout())
                    .containsOnly(change.entries().getFirst().visibilityTimeout()));
  }

  @Test
  void groupsOfAStandardQueueHoldNothingBack() {
    HeldGroups held = new HeldGroups();
    held.hold(lease(Map.of(MessageSystemAttributeName.MESSAGE_GROUP_ID, "g")), Duration.ZERO);

    assertThat(held.of(lease(Map.of(MessageSystemAttributeName.MESSAGE_GROUP_ID, "g")))).isEmpty();
    assertThat(held.of(lease(Map.of()))).isEmpty();
  }

  private static Lease lease(Map<MessageSystemAttributeName, String> attributes) {
    return new Lease(
        software.amazon.awssdk.services.sqs.model.Message.builder()
            .messageId("id")
            .receiptHandle("handle")
            .attributes(attributes)
            .build(),
        1,
        Duration.ofSeconds(30));
  }
}
