package dev.escala.source.sqs;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/** Clients of SQS for the region and the endpoint of a queue. */
final class SqsClients {
  private static final Pattern REGION_IN_URL =
      Pattern.compile("https?://sqs\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/.*");

  private SqsClients() {}

  /** A client; whoever opens it closes it. */
  static SqsClient open(SqsSettings settings, Apache5HttpClient.Builder http) {
    SqsClientBuilder builder = SqsClient.builder().httpClientBuilder(http);
    region(settings).ifPresent(builder::region);
    URI endpoint = settings.endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
      if (isEmulator(endpoint)) {
        builder.credentialsProvider(noCredentials());
      }
    }
    return builder.build();
  }

  /**
   * As it is configured, or stands in the queue's URL, or any for an emulator; else that of the
   * environment counts.
   */
  static Optional<Region> region(SqsSettings settings) {
    Matcher inUrl = REGION_IN_URL.matcher(settings.queue());
    return Optional.ofNullable(settings.region())
        .or(() -> inUrl.matches() ? Optional.of(inUrl.group(1)) : Optional.empty())
        .map(Region::of)
        .or(
            () ->
                isEmulator(settings.endpoint()) ? Optional.of(Region.US_EAST_1) : Optional.empty());
  }

  /** Without TLS it is no service of AWS. */
  static boolean isEmulator(@Nullable URI endpoint) {
    return endpoint != null && "http".equals(endpoint.getScheme());
  }

  /** Real credentials have no business in plain text. */
  static AwsCredentialsProvider noCredentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create("emulator", "emulator"));
  }
}
