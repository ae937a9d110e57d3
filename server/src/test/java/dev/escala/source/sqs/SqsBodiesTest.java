package dev.escala.source.sqs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.source.Delivery;
import dev.escala.source.Permits;
import dev.escala.source.sns.SnsEnvelope;
import dev.escala.source.sqs.SqsDelivery.Received;
import dev.escala.testing.S3Server;
import dev.escala.testing.SqsServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Bodies that are in S3 and not in the queue. */
@Tag("integration")
@Timeout(120)
class SqsBodiesTest extends SqsSourceRun {
  private static final String BUCKET = "bodies";
  private final S3Server s3 = new S3Server();
  private final SqsServer.Queue queue = SqsServer.shared().newQueue(30);

  @AfterEach
  void close() {
    s3.close();
  }

  private S3Settings bodies(long maxBytes) {
    return new S3Settings(List.of(BUCKET), maxBytes, s3.endpoint());
  }

  private static SqsSettings with(
      SqsSettings plain, SqsSettings.Limits permits, S3Settings bodies) {
    return new SqsSettings(
        plain.queue(),
        plain.topic(),
        plain.format(),
        plain.region(),
        plain.endpoint(),
        plain.polling(),
        permits,
        bodies);
  }

  private SqsSource open(SqsServer.Queue read, S3Settings bodies, long permits) {
    SqsSettings settings =
        with(settings(read.url(), 4, 1), new SqsSettings.Limits(10_000, permits), bodies);
    return keep(SqsSource.open(settings, WRITE, observer));
  }

  private SqsSource open(S3Settings bodies) {
    return open(queue, bodies, 64 << 20);
  }

  private static void send(SqsServer.Queue to, String body, String attribute) {
    MessageAttributeValue size =
        MessageAttributeValue.builder().dataType("Number").stringValue("300000").build();
    to.client()
        .sendMessage(
            request -> {
              request.queueUrl(to.url()).messageBody(body);
              request.messageAttributes(Map.of(attribute, size));
              if (to.url().endsWith(".fifo")) {
                request.messageGroupId("g");
              }
            });
  }

  private void send(String body) {
    send(queue, body, "ExtendedPayloadSize");
  }

  private static Message only(Delivery delivery) {
    assertThat(delivery.messages()).hasSize(1);
    return delivery.messages().getFirst();
  }

  private Rejection rejected(S3Settings bodies) throws InterruptedException {
    Delivery delivery = next(open(bodies));
    Message message = only(delivery);
    assertThat(message.payload().text()).startsWith("[\"software.amazon.payload");
    settle(delivery, Outcome.STORED);
    return Objects.requireNonNull(message.unreadable());
  }

  @Test
  void theBodyIsReadAndTheObjectStays() throws InterruptedException {
    String body = "{\"text\":\"é" + "x".repeat(2 << 20) + "\"}";
    send(s3.put(BUCKET, "a/1", body));

    Delivery delivery = next(open(bodies(16 << 20)));

    assertThat(only(delivery).payload().text()).isEqualTo(body);
    assertThat(only(delivery).unreadable()).isNull();
    assertThat(only(delivery).origin().attributes()).containsKey("ExtendedPayloadSize");
    settle(delivery, Outcome.STORED);
    isEmptied(queue);
    assertThat(s3.asked()).containsExactly("GET /bodies/a/1");
  }

  @Test
  void aPointerInAnEnvelopeIsOneToo() throws InterruptedException {
    String pointer = s3.put(BUCKET, "1", "{\"n\":1}");
    Map<String, String> attributes = Map.of("ExtendedPayloadSize", "300000");
    String arn = "arn:aws:sns:eu-west-1:123456789012:departures";
    queue.send(new SnsEnvelope("m", arn, null, pointer, Instant.now(), attributes).wrap());

    Delivery delivery = next(open(bodies(1000)));

    assertThat(only(delivery).payload().text()).isEqualTo("{\"n\":1}");
    assertThat(only(delivery).origin().messageId()).isEqualTo("m");
    settle(delivery, Outcome.STORED);
  }

  @Test
  void anotherBucketIsNotAsked() throws InterruptedException {
    send(s3.put("secrets", "1", "{}"));
    Rejection rejection = rejected(bodies(1000));

    assertThat(rejection.reason()).isEqualTo(ReasonCode.PAYLOAD_S3_DENIED);
    assertThat(rejection.detail()).contains("bucket secrets", "sources[].sqs.s3.buckets");
    assertThat(s3.asked()).isEmpty();
  }

  @Test
  void withoutTheSettingNoneIsAsked() throws InterruptedException {
    send(s3.put(BUCKET, "1", "{}"));

    assertThat(rejected(S3Settings.NONE).reason()).isEqualTo(ReasonCode.PAYLOAD_S3_DENIED);
    assertThat(s3.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBodyThatIsTooLargeIsRejected(boolean saysHowLarge) throws InterruptedException {
    String body = "x".repeat(1001);
    send(saysHowLarge ? s3.put(BUCKET, "1", body) : s3.putWithoutLength(BUCKET, "1", body));
    Rejection rejection = rejected(bodies(1000));

    assertThat(rejection.reason()).isEqualTo(ReasonCode.PAYLOAD_TOO_LARGE);
    assertThat(rejection.detail()).contains("more than 1,000 bytes");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBodyThatIsAsLargeAsItMayBeIsRead(boolean saysHowLarge) throws InterruptedException {
    String body = "x".repeat(1000);
    send(saysHowLarge ? s3.put(BUCKET, "1", body) : s3.putWithoutLength(BUCKET, "1", body));
    Delivery delivery = next(open(bodies(1000)));

    assertThat(only(delivery).payload().text()).isEqualTo(body);
    settle(delivery, Outcome.STORED);
  }

  @Test
  void aBodyThatIsGoneIsRejected() throws InterruptedException {
    send(S3Server.pointer(BUCKET, "gone"));

    assertThat(rejected(bodies(1000)).reason()).isEqualTo(ReasonCode.PAYLOAD_S3_MISSING);
  }

  @Test
  void aPointerThatIsBrokenIsRejected() throws InterruptedException {
    send("[\"software.amazon.payloadoffloading.PayloadS3Pointer\",{}]");

    assertThat(rejected(bodies(1000)).reason()).isEqualTo(ReasonCode.ENVELOPE_INVALID);
  }

  @Test
  void aBucketThatTheClientCannotEvenAskForHoldsNothing() throws InterruptedException {
    send(S3Server.pointer("arn:aws:s3", "1"));
    queue.send("{}");
    SqsSource source = open(new S3Settings(List.of("arn:aws:s3"), 1000, s3.endpoint()));

    Delivery delivery = next(source);
    assertThat(only(delivery).payload().text()).isEqualTo("{}");
    settle(delivery, Outcome.STORED);
    eventually("told", () -> !observer.all(SourceFailed.class).isEmpty());
    source.close();
    assertThat(queue.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 503})
  void whileS3DoesNotGiveItTheMessageComesAgain(int status) throws InterruptedException {
    send(s3.put(BUCKET, "1", "{\"n\":1}"));
    s3.fail(BUCKET, "1", status);
    SqsSource source = open(bodies(1000));
    eventually("told", () -> !observer.all(SourceFailed.class).isEmpty());
    assertThat(source.receive(Duration.ofMillis(100))).isEmpty();
    assertThat(observer.all(SourceFailed.class))
        .singleElement()
        .satisfies(
            failed ->
                assertThat(failed.detail())
                    .contains("The bucket bodies of S3", status == 403 ? "s3:GetObject" : "S3"));

    s3.recover();
    Delivery delivery = next(source);
    assertThat(only(delivery).payload().text()).isEqualTo("{\"n\":1}");
    assertThat(only(delivery).origin().attempt()).isGreaterThan(1);
    settle(delivery, Outcome.STORED);
    isEmptied(queue);
    assertThat(observer.all(SourceRecovered.class)).hasSize(1);
  }

  @Test
  void whatFollowsInItsGroupWaitsForTheBody() throws InterruptedException {
    SqsServer.Queue fifo = SqsServer.shared().newFifoQueue(30);
    fifo.sendTo("g", "1");
    send(fifo, s3.put(BUCKET, "2", "2"), "ExtendedPayloadSize");
    fifo.sendTo("g", "3");
    s3.fail(BUCKET, "2", 503);
    SqsSource source = open(fifo, bodies(1000), 64 << 20);
    List<String> arrived = new ArrayList<>();
    while (arrived.size() < 3) {
      Optional<Delivery> delivery = source.receive(Duration.ofSeconds(1));
      delivery.ifPresent(
          came -> {
            came.messages().forEach(message -> arrived.add(message.payload().text()));
            settle(came, Outcome.STORED);
          });
      if (!observer.all(SourceFailed.class).isEmpty()) {
        assertThat(arrived).contains("1");
        s3.recover();
      }
    }
    assertThat(arrived).containsExactly("1", "2", "3");
  }

  @Test
  void aPollWithoutRoomForAllBodiesGivesTheOthersBack() throws InterruptedException {
    Permits permits = new Permits(10_000, 2000);
    PollRoom room = PollRoom.reserve(permits, 100, Duration.ZERO).orElseThrow();
    SqsSettings plain = settings(queue.url(), 1, 1);
    SqsSettings settings = with(plain, plain.permits(), bodies(1000));
    for (int i = 0; i < 3; i++) {
      send(s3.put(BUCKET, "" + i, "x".repeat(900)));
    }
    SqsMessageReader reader = new SqsMessageReader("departures", SqsFormat.RAW);
    Duration hidden = Duration.ofSeconds(30);
    List<Received> received = new ArrayList<>();
    try (SqsQueue asked = SqsQueue.open(settings);
        BodyOpening opening = new BodyOpening(settings, observer)) {
      while (received.size() < 3) {
        asked.receive(10, Duration.ofSeconds(1), hidden).stream()
            .map(one -> new Received(reader.read(one), new Lease(one, 100, hidden)))
            .forEach(received::add);
      }
      BodyOpening.Bodies came = opening.open(received, room);

      assertThat(came.ready())
          .hasSize(2)
          .allSatisfy(one -> assertThat(one.lease().bytes()).isEqualTo(900));
      assertThat(came.returned()).containsOnlyKeys(received.getLast().lease());
      assertThat(came.bytes()).isEqualTo(1900);
      assertThat(room.largest()).isEqualTo(900);
    }
  }

  @Test
  void bodiesTakePermits() throws InterruptedException {
    for (int i = 0; i < 6; i++) {
      send(s3.put(BUCKET, "" + i, "%d".formatted(i).repeat(900)));
    }
    SqsSource source = open(queue, bodies(1000), 2000);
    List<String> arrived = new ArrayList<>();
    List<Delivery> held = new ArrayList<>();
    while (arrived.size() < 6) {
      Optional<Delivery> delivery = source.receive(Duration.ofMillis(500));
      if (delivery.isPresent()) {
        held.add(delivery.get());
        delivery.get().messages().forEach(m -> arrived.add(m.payload().text().substring(0, 1)));
        assertThat(held.stream().mapToInt(one -> one.messages().size()).sum()).isLessThan(5);
      } else {
        held.forEach(one -> settle(one, Outcome.STORED));
        held.clear();
      }
    }
    held.forEach(one -> settle(one, Outcome.STORED));
    isEmptied(queue);
    assertThat(arrived).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5");
  }
}
