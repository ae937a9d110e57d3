package dev.escala.source.sns;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gets a file over HTTP: no redirects, a time limit for all of it, and a size. */
final class WebFetcher implements Fetcher {
  static final int MOST_BYTES = 32 << 10;

  private static final int OK = 200;
  private static final int FIRST_REDIRECT = 300;
  private static final int FIRST_OF_SERVER = 500;
  private static final int TOO_MANY = 429;

  private final Duration patience;
  private final HttpClient client;

  WebFetcher(Duration patience) {
    this.patience = patience;
    client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .build();
  }

  @Override
  public byte[] get(URI address) throws IOException {
    HttpResponse<byte[]> response = response(HttpRequest.newBuilder(address).build());
    int status = response.statusCode();
    if (status >= FIRST_REDIRECT && status < FIRST_OF_SERVER && status != TOO_MANY) {
      throw new NotThere("it was answered with " + status);
    }
    if (status != OK) {
      throw new IOException("it was answered with " + status);
    }
    return response.body();
  }

  /** The time limit of a request alone would end with its head. */
  private HttpResponse<byte[]> response(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> coming =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      return coming.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException slow) {
      throw new IOException("it did not come within " + patience.toMillis() + " ms", slow);
    } catch (ExecutionException failure) {
      throw new IOException(String.valueOf(failure.getCause()), failure);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw new IOException("it was not waited for", hurried);
    } finally {
      var _ = coming.cancel(true);
    }
  }
}
