package dev.escala.archive;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Objects of S3 as files. */
final class S3Files implements AutoCloseable {
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** A part of a large file; a slow network takes it in this time. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Somebody else made it (RFC 9110), or makes it now. */
  private static final int PRECONDITION_FAILED = 412;

  private static final int CONFLICT = 409;

  private final S3Client client;

  private S3Files(S3Client client) {
    this.client = client;
  }

  /** Of the region; an endpoint without TLS is an emulator and gets no real credentials. */
  static S3Files open(Map<String, String> properties) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(SILENCE))
            .overrideConfiguration(o -> o.apiCallTimeout(LONGEST))
            // Not all that speak the protocol of S3 know its chunks.
            .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
            // TLS does it already, and what is written is read back and compared.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    String region = properties.get(ArchiveFiles.REGION);
    String endpoint = properties.get(ArchiveFiles.ENDPOINT);
    if (region != null) {
      builder.region(Region.of(region));
    }
    if (endpoint != null) {
      builder.endpointOverride(URI.create(endpoint)).forcePathStyle(true);
      if (endpoint.startsWith("http:")) {
        builder
            .region(region == null ? Region.US_EAST_1 : Region.of(region))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create("emulator", "emulator")));
      }
    }
    return new S3Files(builder.build());
  }

  InputFile input(String location) {
    return new S3Input(client, location);
  }

  OutputFile output(String location) {
    return new S3Output(client, location);
  }

  void delete(String location) {
    S3Place place = S3Place.of(location);
    client.deleteObject(request -> request.bucket(place.bucket()).key(place.key()));
  }

  /** By a conditional write, of which S3 lets one alone succeed. */
  boolean create(String location, byte[] content) throws IOException {
    S3Place place = S3Place.of(location);
    try {
      client.putObject(
          request -> request.bucket(place.bucket()).key(place.key()).ifNoneMatch("*"),
          RequestBody.fromBytes(content));
      return true;
    } catch (AwsServiceException answer) {
      if (answer.statusCode() == PRECONDITION_FAILED || answer.statusCode() == CONFLICT) {
        return isOurs(location, content);
      }
      throw answer;
    }
  }

  /** The client repeats a request whose answer was lost: then it was ours that was first. */
  private boolean isOurs(String location, byte[] content) throws IOException {
    InputFile there = input(location);
    if (!there.exists()) {
      return false;
    }
    try (InputStream in = there.newStream()) {
      return Arrays.equals(in.readAllBytes(), content);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
