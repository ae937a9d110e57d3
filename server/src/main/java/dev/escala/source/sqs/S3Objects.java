package dev.escala.source.sqs;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.LongPredicate;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Objects of S3, which are read and never changed. */
final class S3Objects implements AutoCloseable {
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final S3Client client;

  /** What came of reading an object. */
  sealed interface Fetched {
    /** It is whole. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    record Content(byte[] bytes) implements Fetched {}

    /** It has more bytes than it may; it was not read. */
    record TooLarge() implements Fetched {}

    /** There is no room for it now; it was not read. */
    record NoRoom() implements Fetched {}

    /** There is no such object. */
    record Gone() implements Fetched {}

    /** Nobody knows, for a reason in a sentence that says what to do. */
    record Away(String detail) implements Fetched {}
  }

  private S3Objects(S3Client client) {
    this.client = client;
  }

  /** With a client for the region of the queue. */
  static S3Objects open(SqsSettings settings) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(settings.polling().maxPollers())
                    .socketTimeout(SILENCE))
            .overrideConfiguration(o -> o.apiCallTimeout(LONGEST))
            // TLS does it already, and the sum that S3 gives by default takes a native library.
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    SqsClients.region(settings).ifPresent(builder::region);
    URI endpoint = settings.s3().endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint).forcePathStyle(true);
      if (SqsClients.isEmulator(endpoint)) {
        builder
            .region(SqsClients.region(settings).orElse(Region.US_EAST_1))
            .credentialsProvider(SqsClients.noCredentials());
      }
    }
    return new S3Objects(builder.build());
  }

  /**
   * Reads an object; never throws on account of S3.
   *
   * @param most so many bytes
   * @param room asked with the size before anything is read
   */
  Fetched fetch(S3Pointer pointer, long most, LongPredicate room) {
    try {
      return client.getObject(
          request -> request.bucket(pointer.bucket()).key(pointer.key()), reading(most, room));
    } catch (AwsServiceException answer) {
      return answer.statusCode() == 404
          ? new Fetched.Gone()
          : new Fetched.Away(sentence(pointer, answer));
    } catch (SdkException failure) {
      return new Fetched.Away(
          "The bucket %s of S3 does not answer: %s"
              .formatted(pointer.bucket(), failure.getMessage()));
    }
  }

  private static ResponseTransformer<GetObjectResponse, Fetched> reading(
      long most, LongPredicate room) {
    return (response, body) -> {
      long size = response.contentLength() == null ? most : response.contentLength();
      Fetched unread =
          size > most ? new Fetched.TooLarge() : room.test(size) ? null : new Fetched.NoRoom();
      if (unread != null) {
        body.abort();
        return unread;
      }
      return content(body, Math.toIntExact(most));
    };
  }

  private static Fetched content(AbortableInputStream body, int most) throws IOException {
    byte[] bytes = body.readNBytes(most);
    if (bytes.length == most && body.read() >= 0) {
      body.abort();
      return new Fetched.TooLarge();
    }
    return new Fetched.Content(bytes);
  }

  /** A missing right may be mended, so that nothing is lost for it. */
  private static String sentence(S3Pointer pointer, AwsServiceException answer) {
    return answer.statusCode() == 403
        ? """
        The bucket %s of S3 may not be read. It takes s3:GetObject on its objects, s3:ListBucket on the bucket, without which S3 says this of objects that are gone, and kms:Decrypt where they are encrypted with a key of yours. S3 says: %s\
        """
            .formatted(pointer.bucket(), answer.getMessage())
        : "The bucket %s of S3 cannot be read: %s".formatted(pointer.bucket(), answer.getMessage());
  }

  @Override
  public void close() {
    client.close();
  }
}
