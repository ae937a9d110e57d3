package dev.escala.source.sns;

import dev.escala.source.sns.PushRefused.Reason;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates with which SNS signs, fetched once each and kept. What turned out to be none is
 * kept for a while too, and fetches are few, whatever clients send.
 */
public final class SigningCertificates {
  static final Duration NONE_FOR = Duration.ofMinutes(10);
  static final Duration UNKNOWN_FOR = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_GOOD = 64;
  private static final int MOST_OTHERS = 1_000;

  /** Requests at once that wait for a certificate. */
  private static final int MOST_WAITING = 256;

  private final Fetcher fetcher;
  private final CertificateChain chain;
  private final Clock clock;
  private final FetchBudget budget;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private final ConcurrentMap<URI, FutureTask<Found>> underWay = new ConcurrentHashMap<>();

  // Both guarded by this, for a few instructions; apart, so that forged addresses push no good
  // certificate out.
  private final Map<URI, Found.Good> good = new Recent<>(MOST_GOOD);
  private final Map<URI, Found.Bad> others = new Recent<>(MOST_OTHERS);

  /** What came of a fetch. */
  private sealed interface Found {
    record Good(X509Certificate certificate) implements Found {}

    record Bad(Reason reason, String sentence, Instant until) implements Found {}
  }

  private static final class Recent<V> extends LinkedHashMap<URI, V> {
    private static final long serialVersionUID = 1L;

    private final int most;

    Recent(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<URI, V> eldest) {
      return size() > most;
    }
  }

  SigningCertificates(Fetcher fetcher, Set<TrustAnchor> roots, Clock clock, FetchBudget budget) {
    this.fetcher = fetcher;
    this.chain = new CertificateChain(roots, fetcher);
    this.clock = clock;
    this.budget = budget;
  }

  /** Of AWS: fetched over TLS, and believed as far as the roots of the JVM are. */
  public static SigningCertificates ofAws() {
    return new SigningCertificates(
        new WebFetcher(PATIENCE),
        rootsOfTheJvm(),
        Clock.systemUTC(),
        new FetchBudget(System::nanoTime));
  }

  private static Set<TrustAnchor> rootsOfTheJvm() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return Arrays.stream(factory.getTrustManagers())
          .flatMap(
              manager ->
                  manager instanceof X509TrustManager x509
                      ? Arrays.stream(x509.getAcceptedIssuers())
                      : Stream.empty())
          .map(root -> new TrustAnchor(root, null))
          .collect(Collectors.toUnmodifiableSet());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The key of the certificate at an address that a message names; blocks while it is fetched.
   *
   * @param client whom the fetch is accounted to
   */
  PublicKey key(String url, TopicArn topic, String client) throws PushRefused {
    URI address = CertificateAddress.of(url, topic);
    Found found = known(address);
    if (found == null) {
      found = fetched(address, topic, client);
    }
    return switch (found) {
      case Found.Good(X509Certificate certificate) -> keyOf(certificate);
      case Found.Bad(Reason reason, String sentence, Instant ignored) ->
          throw new PushRefused(reason, sentence);
    };
  }

  private PublicKey keyOf(X509Certificate certificate) throws PushRefused {
    try {
      certificate.checkValidity(Date.from(clock.instant()));
      return certificate.getPublicKey();
    } catch (CertificateException expired) {
      throw new PushRefused(Reason.CERTIFICATE, "The certificate is not good at this time");
    }
  }

  private synchronized @Nullable Found known(URI address) {
    Found.Good certificate = good.get(address);
    if (certificate != null) {
      return certificate;
    }
    Found.Bad other = others.get(address);
    return other != null && other.until().isAfter(clock.instant()) ? other : null;
  }

  /** The first who asks for an address fetches, others wait for it. */
  private Found fetched(URI address, TopicArn topic, String client) throws PushRefused {
    if (!waiting.tryAcquire()) {
      throw new PushRefused(Reason.BUSY, "Too many wait for certificates");
    }
    try {
      FutureTask<Found> own = new FutureTask<>(() -> fetch(address, topic, client));
      FutureTask<Found> first = underWay.putIfAbsent(address, own);
      return first == null ? first(address, own) : await(first);
    } finally {
      waiting.release();
    }
  }

  private Found first(URI address, FutureTask<Found> own) throws PushRefused {
    try {
      own.run();
      return await(own);
    } finally {
      underWay.remove(address, own);
    }
  }

  private static Found await(FutureTask<Found> fetch) throws PushRefused {
    try {
      return fetch.get();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw unavailable("The certificate was not waited for");
    } catch (ExecutionException failure) {
      throw unavailable("The certificate cannot be had now");
    }
  }

  private static PushRefused unavailable(String sentence) {
    return new PushRefused(Reason.UNAVAILABLE, sentence);
  }

  private Found fetch(URI address, TopicArn topic, String client) {
    // Who came just behind another one that has ended finds what that one got.
    Found meanwhile = known(address);
    if (meanwhile != null) {
      return meanwhile;
    }
    if (!budget.take(client)) {
      return new Found.Bad(Reason.BUSY, "Too many certificates are asked for", Instant.MIN);
    }
    Found found = look(address, topic);
    synchronized (this) {
      switch (found) {
        case Found.Good certificate -> good.put(address, certificate);
        case Found.Bad bad -> others.put(address, bad);
      }
    }
    return found;
  }

  private Found look(URI address, TopicArn topic) {
    Instant now = clock.instant();
    try {
      return new Found.Good(chain.check(fetcher.get(address), topic, now));
    } catch (Fetcher.NotThere | GeneralSecurityException none) {
      String sentence = "The certificate is none of SNS: " + none.getMessage();
      return new Found.Bad(Reason.CERTIFICATE, sentence, now.plus(NONE_FOR));
    } catch (IOException away) {
      String sentence = "The certificate cannot be had now";
      return new Found.Bad(Reason.UNAVAILABLE, sentence, now.plus(UNKNOWN_FOR));
    }
  }
}
