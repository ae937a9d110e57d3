package dev.escala.source.sqs;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
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
    Matcher inUrl = REGION_IN_URL.matcher(settings.queue());
    if (settings.region() != null) {
      builder.region(Region.of(settings.region()));
    } else if (inUrl.matches()) {
      builder.region(Region.of(inUrl.group(1)));
    }
    URI endpoint = settings.endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
      if ("http".equals(endpoint.getScheme())) {
        emulated(builder, settings);
      }
    }
    return builder.build();
  }

  /** Real credentials have no business in plain text. */
  private static void emulated(SqsClientBuilder builder, SqsSettings settings) {
    builder.credentialsProvider(
        StaticCredentialsProvider.create(AwsBasicCredentials.create("emulator", "emulator")));
    if (settings.region() == null) {
      builder.region(Region.US_EAST_1);
    }
  }
}
