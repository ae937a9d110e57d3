package dev.escala.source.sns;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.source.sns.Authority.Subject;
import dev.escala.source.sns.PushRefused.Reason;
import java.io.IOException;
import java.net.URI;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SigningCertificatesTest {
  private static final TopicArn TOPIC = TopicArn.parse(FakeSns.ARN).orElseThrow();
  private static final String CLIENT = "192.0.2.1";
  private static final byte[] GOOD = FakeSns.certificate(Subject.of("sns.amazonaws.com"));

  private final Instant start = Instant.now();
  private final AtomicLong passedSeconds = new AtomicLong();
  private final AtomicInteger fetches = new AtomicInteger();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    clients.close();
  }

  private SigningCertificates certificates(Fetcher fetcher) {
    InstantSource time = () -> start.plusSeconds(passedSeconds.get());
    Clock clock = time.withZone(ZoneOffset.UTC);
    return new SigningCertificates(
        address -> {
          fetches.incrementAndGet();
          return fetcher.get(address);
        },
        Set.of(FakeSns.ROOT.asRoot()),
        clock,
        new FetchBudget(() -> Duration.ofSeconds(passedSeconds.get()).toNanos()));
  }

  private static Reason refusal(SigningCertificates certificates, String url) {
    return catchThrowableOfType(PushRefused.class, () -> certificates.key(url, TOPIC, CLIENT))
        .reason();
  }

  private static String forged(int i) {
    return "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-" + i + ".pem";
  }

  private static byte[] none(URI address) throws IOException {
    throw new Fetcher.NotThere("it was answered with 404");
  }

  @Test
  void oneThatIsGoodIsFetchedOnce() throws PushRefused {
    SigningCertificates certificates = certificates(address -> GOOD);
    for (int i = 0; i < 10; i++) {
      assertThat(certificates.key(FakeSns.CERTIFICATE_AT, TOPIC, CLIENT))
          .isEqualTo(FakeSns.KEYS.getPublic());
    }
    assertThat(fetches).hasValue(1);
  }

  @Test
  void oneThatIsKnownExpiresAllTheSame() throws PushRefused {
    SigningCertificates certificates = certificates(address -> GOOD);
    var _ = certificates.key(FakeSns.CERTIFICATE_AT, TOPIC, CLIENT);
    passedSeconds.set(Duration.ofDays(2).toSeconds());
    assertThat(refusal(certificates, FakeSns.CERTIFICATE_AT)).isEqualTo(Reason.CERTIFICATE);
  }

  @Test
  void anAddressThatIsNoneOfSnsIsNotFetched() {
    SigningCertificates certificates = certificates(address -> GOOD);
    assertThat(refusal(certificates, "https://bucket.s3.amazonaws.com/a.pem"))
        .isEqualTo(Reason.CERTIFICATE);
    assertThat(fetches).hasValue(0);
  }

  @Test
  void thatThereIsNoneIsKnownForAWhile() {
    SigningCertificates certificates = certificates(SigningCertificatesTest::none);
    assertThat(refusal(certificates, forged(1))).isEqualTo(Reason.CERTIFICATE);
    assertThat(refusal(certificates, forged(1))).isEqualTo(Reason.CERTIFICATE);
    assertThat(fetches).hasValue(1);
    passedSeconds.addAndGet(SigningCertificates.NONE_FOR.toSeconds() + 1);
    assertThat(refusal(certificates, forged(1))).isEqualTo(Reason.CERTIFICATE);
    assertThat(fetches).hasValue(2);
  }

  @Test
  void whatCannotBeHadNowIsTriedAgainSoon() throws PushRefused {
    AtomicInteger tries = new AtomicInteger();
    SigningCertificates certificates =
        certificates(
            address -> {
              if (tries.incrementAndGet() == 1) {
                throw new IOException("away");
              }
              return GOOD;
            });
    assertThat(refusal(certificates, FakeSns.CERTIFICATE_AT)).isEqualTo(Reason.UNAVAILABLE);
    assertThat(refusal(certificates, FakeSns.CERTIFICATE_AT)).isEqualTo(Reason.UNAVAILABLE);
    assertThat(fetches).hasValue(1);
    passedSeconds.addAndGet(SigningCertificates.UNKNOWN_FOR.toSeconds() + 1);
    assertThat(certificates.key(FakeSns.CERTIFICATE_AT, TOPIC, CLIENT)).isNotNull();
  }

  @Test
  void thoseWhoWantTheSameWaitForOneFetch() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    SigningCertificates certificates =
        certificates(
            address -> {
              awaitUninterruptibly(answered);
              return GOOD;
            });
    List<Future<PublicKey>> keys = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      keys.add(clients.submit(() -> certificates.key(FakeSns.CERTIFICATE_AT, TOPIC, CLIENT)));
    }
    eventually("one fetches", () -> fetches.get() == 1);
    answered.countDown();
    for (Future<PublicKey> key : keys) {
      assertThat(key.get()).isEqualTo(FakeSns.KEYS.getPublic());
    }
    assertThat(fetches).hasValue(1);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  /** But what is known is there for all, and others have fetches of their own. */
  @Test
  void aClientThatForgesAddressesHasFewFetches() throws PushRefused {
    SigningCertificates certificates =
        certificates(
            address -> address.toString().equals(FakeSns.CERTIFICATE_AT) ? GOOD : none(address));
    for (int i = 0; i < 100; i++) {
      assertThat(refusal(certificates, forged(i)))
          .isEqualTo(i < FetchBudget.AT_ONCE_FOR_CLIENT ? Reason.CERTIFICATE : Reason.BUSY);
    }
    assertThat(fetches).hasValue(FetchBudget.AT_ONCE_FOR_CLIENT);
    assertThat(certificates.key(FakeSns.CERTIFICATE_AT, TOPIC, "198.51.100.7")).isNotNull();
    assertThat(certificates.key(FakeSns.CERTIFICATE_AT, TOPIC, CLIENT)).isNotNull();
  }

  @Test
  void allTogetherHaveOneASecond() {
    FetchBudget budget = new FetchBudget(() -> Duration.ofSeconds(passedSeconds.get()).toNanos());
    int taken = 0;
    for (int i = 0; i < 100; i++) {
      taken += budget.take("192.0.2." + i) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(FetchBudget.AT_ONCE);
    passedSeconds.addAndGet(3);
    for (int i = 100; i < 200; i++) {
      taken += budget.take("192.0.2." + i) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(FetchBudget.AT_ONCE + 3);
  }

  @Test
  void theRootsOfTheJvmAreThere() throws Exception {
    assertThat(refusal(SigningCertificates.ofAws(), "https://example.com/a.pem"))
        .isEqualTo(Reason.CERTIFICATE);
  }
}
